/** What Lua 5.1 had and 5.3 has not, written in Lua. Runs before the sandbox closes. */
export const COMPATIBILITY = `
_VERSION = 'Lua 5.1'
unpack = table.unpack
table.unpack, table.pack, table.move = nil, nil, nil
string.gfind = string.gmatch
string.pack, string.unpack, string.packsize = nil, nil, nil
coroutine.isyieldable = nil
gcinfo = function() return 0 end
collectgarbage = function(what) return what == 'step' and false or 0 end

local loader = load
load = function(reader, name)
  if type(reader) ~= 'function' then
    error("bad argument #1 to 'load' (function expected, got " .. type(reader) .. ')', 2)
  end
  return loader(reader, name or '=(load)')
end
loadstring = function(source, name) return loader(source, name) end

table.getn = function(t) return #t end
table.setn = function() error("'setn' is obsolete", 2) end
table.maxn = function(t)
  local max = 0
  for k in pairs(t) do if type(k) == 'number' and k > max then max = k end end
  return max
end
table.foreach = function(t, f)
  for k, v in pairs(t) do
    local result = f(k, v)
    if result ~= nil then return result end
  end
end
table.foreachi = function(t, f)
  for i = 1, #t do
    local result = f(i, t[i])
    if result ~= nil then return result end
  end
end

local exp, log, floor, abs = math.exp, math.log, math.floor, math.abs
math.type, math.tointeger, math.ult, math.maxinteger, math.mininteger = nil, nil, nil, nil, nil
math.mod = math.fmod
math.pow = function(x, y) return x ^ y end
math.log10 = function(x) return log(x, 10) end
math.atan2 = math.atan
math.cosh = function(x) return (exp(x) + exp(-x)) / 2 end
math.sinh = function(x) return (exp(x) - exp(-x)) / 2 end
math.tanh = function(x) return 1 - 2 / (exp(2 * x) + 1) end
math.ldexp = function(m, e) return m * 2.0 ^ e end
math.frexp = function(x)
  if x == 0 then return 0, 0 end
  local e = floor(log(abs(x), 2)) + 1
  local m = x / 2.0 ^ e
  if abs(m) >= 1 then m, e = m / 2, e + 1 end
  return m, e
end
`;
