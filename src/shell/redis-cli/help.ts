/** What redis-cli says of itself. */
export const version = 'redis-cli 7.0.15 (Keyspace)';

/** The flags that work here, in our own words. */
export const usage = `${version}

Usage: redis-cli [OPTIONS] [cmd [arg [arg ...]]]

Where to connect
  -h <host> -p <port>     the server (127.0.0.1, 6379)
  -u <uri>                both, and more: redis://[[user]:password@]host[:port][/db]
  -a <password>           log in; --user <name> for a user of the ACL. REDISCLI_AUTH hides it
  -n <db>                 the database
  -2 | -3                 the protocol, RESP2 or RESP3
  -c                      follow the redirections of a cluster

What to run
  -r <times> -i <secs>    a command several times, with a pause between; -r -1 without end
  -x | -X <word>          the last argument, or the one that is <word>, comes from standard input
  -e                      end with status 1 when the command fails
  --eval <file> <keys> , <args>
                          as a script; with --ldb in the debugger, whose changes are taken
                          back; with --ldb-sync-mode they stay
  --pipe                  send standard input as it is and count the replies

How to print
  --raw | --no-raw        without quotes and types, or with (what a terminal gets)
  --csv | --json | --quoted-json
  -d <text> -D <text>     raw: between elements, after replies

A cluster
  --cluster <what>        create, check, fix, reshard, rebalance ...: see --cluster help

Looking at a server
  --scan [--pattern <p>]  all keys
  --bigkeys | --memkeys   the biggest value of each type, by elements or by bytes
  --keystats              both, and how they are distributed; --top <n>, --cursor <n>
  --count <n>             how many keys each SCAN of these looks at
  --hotkeys               the keys used most, under an LFU policy
  --rdb <file>            the server's snapshot; --functions-rdb only its functions
  --stat                  a line of figures a second
  --latency | --latency-history | --intrinsic-latency <secs>
`;
