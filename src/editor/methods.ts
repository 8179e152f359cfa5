/**
 * What the clients of Redis can be asked for, as their packages have it (redis-py 6.1.0, ioredis 6.0.0,
 * redis 6.3.1), without what is only there for other libraries. `methods.test.ts` holds the Node ones to
 * their packages.
 */
const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Of redis.Redis, its pipelines and its PubSub. */
export const redisPy = words(`
  acl_cat acl_deluser acl_dryrun acl_genpass acl_getuser acl_help acl_list acl_load acl_log
  acl_log_reset acl_save acl_setuser acl_users acl_whoami append auth bf bgrewriteaof bgsave
  bitcount bitfield bitfield_ro bitop bitpos blmove blmpop blpop brpop brpoplpush bzmpop bzpopmax
  bzpopmin cf client_getname client_getredir client_id client_info client_kill client_kill_filter
  client_list client_no_evict client_no_touch client_pause client_reply client_setinfo
  client_setname client_tracking client_tracking_off client_tracking_on client_trackinginfo
  client_unblock client_unpause close cluster cms command command_count command_getkeys
  command_getkeysandflags command_info command_list config_get config_resetstat config_rewrite
  config_set copy dbsize debug_object decr decrby delete discard dump echo eval eval_ro evalsha
  evalsha_ro execute execute_command exists expire expireat expiretime failover fcall fcall_ro
  flushall flushdb from_pool from_url ft function_delete function_dump function_flush
  function_kill function_list function_load function_restore function_stats geoadd geodist geohash
  geopos georadius georadiusbymember geosearch geosearchstore get get_message getbit getdel getex
  getrange getset hdel hello hexists hexpire hexpireat hexpiretime hget hgetall hgetdel hgetex
  hincrby hincrbyfloat hkeys hlen hmget hmset hpersist hpexpire hpexpireat hpexpiretime hpttl
  hrandfield hscan hscan_iter hset hsetex hsetnx hstrlen httl hvals incr incrby incrbyfloat info
  json keys lastsave latency_doctor latency_graph latency_histogram latency_history latency_latest
  latency_reset lcs lindex linsert listen llen lmove lmpop lock lolwut lpop lpos lpush lpushx
  lrange lrem lset ltrim memory_doctor memory_help memory_malloc_stats memory_purge memory_stats
  memory_usage mget migrate module_list module_load module_loadex module_unload monitor move mset
  msetnx multi object persist pexpire pexpireat pexpiretime pfadd pfcount pfmerge ping pipeline
  psetex psubscribe psync pttl publish pubsub pubsub_channels pubsub_numpat pubsub_numsub
  pubsub_shardchannels pubsub_shardnumsub punsubscribe quit raise_first_error randomkey readonly
  readwrite register_script rename renamenx replicaof reset restore role rpop rpoplpush rpush
  rpushx run_in_thread sadd save scan scan_iter scard script_debug script_exists script_flush
  script_kill script_load sdiff sdiffstore select sentinel sentinel_ckquorum sentinel_failover
  sentinel_flushconfig sentinel_get_master_addr_by_name sentinel_master sentinel_masters
  sentinel_monitor sentinel_remove sentinel_reset sentinel_sentinels sentinel_set sentinel_slaves
  set setbit setex setnx setrange shutdown sinter sintercard sinterstore sismember slaveof
  slowlog_get slowlog_len slowlog_reset smembers smismember smove sort sort_ro spop spublish
  srandmember srem sscan sscan_iter ssubscribe strlen subscribe substr sunion sunionstore
  sunsubscribe swapdb sync tdigest time topk touch transaction ts ttl type unlink unsubscribe
  unwatch vset wait waitaof watch xack xadd xautoclaim xclaim xdel xgroup_create
  xgroup_createconsumer xgroup_delconsumer xgroup_destroy xgroup_setid xinfo_consumers
  xinfo_groups xinfo_stream xlen xpending xpending_range xrange xread xreadgroup xrevrange xtrim
  zadd zcard zcount zdiff zdiffstore zincrby zinter zintercard zinterstore zlexcount zmpop zmscore
  zpopmax zpopmin zrandmember zrange zrangebylex zrangebyscore zrangestore zrank zrem
  zremrangebylex zremrangebyrank zremrangebyscore zrevrange zrevrangebylex zrevrangebyscore
  zrevrank zscan zscan_iter zscore zunion zunionstore
`);

/** Of the module redis. */
export const redisPyModule = words(`
  AuthenticationError BlockingConnectionPool BusyLoadingError ConnectionError ConnectionPool
  DataError OutOfMemoryError ReadOnlyError Redis RedisCluster RedisError ResponseError
  SSLConnection Sentinel TimeoutError UnixDomainSocketConnection WatchError asyncio
  default_backoff from_url
`);

/** Of the Redis of ioredis. */
export const ioredis = words(`
  acl append arcount ardel ardelrange arget argetrange argrep arinfo arinsert arlastitems arlen
  armget armset arnext arop arring arscan arseek arset asking auth backup bgrewriteaof bgsave
  bitcount bitfield bitfield_ro bitop bitpos blmove blmovem blmpop blpop brpop brpoplpush bzmpop
  bzpopmax bzpopmin call client cluster command config connect copy dbsize debug decr decrby
  defineCommand del delex digest discard disconnect dump duplicate echo end eval eval_ro evalsha
  evalsha_ro exec exists expire expireat expiretime failover fcall fcall_ro flushall flushdb
  function geoadd geodist geohash geopos georadius georadius_ro georadiusbymember
  georadiusbymember_ro geosearch geosearchstore get getbit getdel getex getrange getset hdel hello
  hexists hexpire hexpireat hexpiretime hget hgetall hgetdel hgetex himport hincrby hincrbyfloat
  hkeys hlen hmget hmset hotkeys hpersist hpexpire hpexpireat hpexpiretime hpttl hrandfield hscan
  hscanStream hset hsetex hsetnx hstrlen httl hvals incr incrby incrbyfloat increx info keys
  lastsave latency lcs lindex linsert llen lmove lmovem lmpop lolwut lpop lpos lpush lpushx lrange
  lrem lset ltrim memory mget migrate module monitor move mset msetex msetnx multi object off on
  once persist pexpire pexpireat pexpiretime pfadd pfcount pfmerge ping pipeline psetex psubscribe
  pttl publish pubsub punsubscribe quit randomkey readonly readwrite removeAllListeners
  removeListener rename renamenx replicaof reset restore role rpop rpoplpush rpush rpushx sadd
  save scan scanStream scard script sdiff sdiffcard sdiffstore select sentinel set setbit setex
  setnx setrange shutdown sinter sintercard sinterstore sismember slaveof slowlog smembers
  smismember smove sort sort_ro spop spublish srandmember srem sscan sscanStream ssubscribe strlen
  subscribe sunion sunioncard sunionstore sunsubscribe swapdb time touch trimslots ttl type unlink
  unsubscribe unwatch vadd vcard vdim vemb vgetattr vinfo vismember vlinks vrandmember vrange vrem
  vsetattr vsim wait waitaof watch xack xackdel xadd xautoclaim xcfgset xclaim xdel xdelex xgroup
  xidmprecord xinfo xlen xnack xpending xrange xread xreadgroup xrevrange xsetid xtrim zadd zcard
  zcount zdiff zdiffstore zincrby zinter zintercard zinterstore zlexcount zmpop zmscore zpopmax
  zpopmin zrandmember zrange zrangebylex zrangebyscore zrangestore zrank zrem zremrangebylex
  zremrangebyrank zremrangebyscore zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan
  zscanStream zscore zunion zunionstore
`);

/** Of the client of node-redis. */
export const nodeRedis = words(`
  aclCat aclDelUser aclDryRun aclGenPass aclGetUser aclList aclLoad aclLog aclLogReset aclSave
  aclSetUser aclUsers aclWhoAmI append arCount arDel arDelRange arGet arGetRange arGrep
  arGrepWithValues arInfo arInsert arLastItems arLen arMGet arMSet arNext arOp arRing arScan
  arSeek arSet asking auth bgRewriteAof bgSave bitCount bitField bitFieldRo bitOp bitPos blMove
  blMoveM blPop blmPop brPop brPopLPush bzPopMax bzPopMin bzmPop clientCaching clientGetName
  clientGetRedir clientId clientInfo clientKill clientList clientNoEvict clientNoTouch clientPause
  clientSetName clientTracking clientTrackingInfo clientUnblock clientUnpause close
  clusterAddSlots clusterAddSlotsRange clusterBumpEpoch clusterCountFailureReports
  clusterCountKeysInSlot clusterDelSlots clusterDelSlotsRange clusterFailover clusterFlushSlots
  clusterForget clusterGetKeysInSlot clusterInfo clusterKeySlot clusterLinks clusterMeet
  clusterMyId clusterMyShardId clusterNodes clusterReplicas clusterReplicate clusterReset
  clusterSaveConfig clusterSetConfigEpoch clusterSetSlot clusterSlots command commandCount
  commandDocs commandGetKeys commandGetKeysAndFlags commandInfo commandList configGet
  configResetStat configRewrite configSet connect copy createPool dbSize decr decrBy del delEx
  destroy digest disconnect dump duplicate echo eval evalRo evalSha evalShaRo exists expire
  expireAt expireTime fCall fCallRo flushAll flushDb functionDelete functionDump functionFlush
  functionKill functionList functionListWithCode functionLoad functionRestore functionStats geoAdd
  geoDist geoHash geoPos geoRadius geoRadiusByMember geoRadiusByMemberRo geoRadiusByMemberRoWith
  geoRadiusByMemberStore geoRadiusByMemberWith geoRadiusRo geoRadiusRoWith geoRadiusStore
  geoRadiusWith geoSearch geoSearchStore geoSearchWith get getBit getDel getEx getRange getSet
  hDel hExists hExpire hExpireAt hExpireTime hGet hGetAll hGetDel hGetEx hImportDiscard
  hImportDiscardAll hImportPrepare hImportSet hIncrBy hIncrByFloat hKeys hLen hPersist hRandField
  hRandFieldCount hRandFieldCountWithValues hScan hScanIterator hScanNoValues
  hScanNoValuesIterator hScanValuesIterator hSet hSetEx hSetNX hStrLen hTTL hVals hello hmGet
  hotkeysGet hotkeysReset hotkeysStart hotkeysStop hpExpire hpExpireAt hpExpireTime hpTTL incr
  incrBy incrByFloat incrExByFloat increx info keys lIndex lInsert lLen lMove lMoveM lPop
  lPopCount lPos lPosCount lPush lPushX lRange lRem lSet lTrim lastSave latencyDoctor latencyGraph
  latencyHistogram latencyHistory latencyLatest latencyReset lcs lcsIdx lcsIdxWithMatchLen lcsLen
  lmPop mGet mSet mSetEx mSetNX memoryDoctor memoryMallocStats memoryPurge memoryStats memoryUsage
  migrate moduleList moduleLoad moduleUnload monitor move multi objectEncoding objectFreq
  objectIdleTime objectRefCount off on once pExpire pExpireAt pExpireTime pSetEx pSubscribe pTTL
  pUnsubscribe persist pfAdd pfCount pfMerge ping pubSubChannels pubSubNumPat pubSubNumSub
  pubSubShardChannels pubSubShardNumSub publish quit rPop rPopCount rPopLPush rPush rPushX
  randomKey readonly ref removeAllListeners removeListener rename renameNX replicaOf reset restore
  role sAdd sCard sDiff sDiffCard sDiffStore sInter sInterCard sInterStore sIsMember sMembers
  sMove sPop sPopCount sPublish sRandMember sRandMemberCount sRem sScan sScanIterator sSubscribe
  sUnion sUnionCard sUnionStore sUnsubscribe scan scanIterator scriptDebug scriptExists
  scriptFlush scriptKill scriptLoad select sendCommand set setBit setEx setNX setRange smIsMember
  sort sortRo sortStore strLen subscribe swapDb time touch ttl type unlink unref unsubscribe
  unwatch vAdd vCard vDim vEmb vEmbRaw vGetAttr vInfo vLinks vLinksWithScores vRandMember vRange
  vRem vSetAttr vSim vSimWithScores wait watch withAbortSignal withCommandOptions withTypeMapping
  xAck xAckDel xAdd xAddNoMkStream xAutoClaim xAutoClaimJustId xCfgSet xClaim xClaimJustId xDel
  xDelEx xGroupCreate xGroupCreateConsumer xGroupDelConsumer xGroupDestroy xGroupSetId
  xInfoConsumers xInfoGroups xInfoStream xLen xNack xPending xPendingRange xRange xRead xReadGroup
  xRevRange xSetId xTrim zAdd zAddIncr zCard zCount zDiff zDiffStore zDiffWithScores zIncrBy
  zInter zInterCard zInterStore zInterWithScores zLexCount zPopMax zPopMaxCount zPopMin
  zPopMinCount zRandMember zRandMemberCount zRandMemberCountWithScores zRange zRangeByLex
  zRangeByScore zRangeByScoreWithScores zRangeStore zRangeWithScores zRank zRankWithScore zRem
  zRemRangeByLex zRemRangeByRank zRemRangeByScore zRevRank zRevRankWithScore zScan zScanIterator
  zScore zUnion zUnionStore zUnionWithScores zmPop zmScore
`);
