-- Write value, version, log and time limit in one step, if the record is still at the version the writer read.
--
-- KEYS  1 record (hash: number, incarnation, op_id, appended, data)   2 log (stream, ids "<seq>-0")
-- ARGV  1 expected number   2 its incarnation   3 incarnation to write   4 op_id
--       5 time limit in ms, "0" for none   6 log cap   7 data   8... log entries
-- Gives {"written" | "conflict", number, incarnation} or {"repeated", number, incarnation, data}.
--
-- Only the small fields are read: a document that passes through Lua costs many times a plain read of it.

local number, incarnation, op_id, appended =
  unpack(redis.call('HMGET', KEYS[1], 'number', 'incarnation', 'op_id', 'appended'))

if number and op_id == ARGV[4] then
  -- Rare, so it may cost: the writer sends again what it could not know was written.
  return {'repeated', tonumber(number), incarnation, redis.call('HGET', KEYS[1], 'data')}
end

number = tonumber(number or '0')
incarnation = incarnation or ''
if number ~= tonumber(ARGV[1]) or incarnation ~= ARGV[2] then
  return {'conflict', number, incarnation}
end

if number == 0 then
  redis.call('DEL', KEYS[2])
end
local seq = tonumber(appended or '0')
local cap = tonumber(ARGV[6])
local entries = #ARGV - 7
for i = math.max(1, entries - cap + 1), entries do
  redis.call('XADD', KEYS[2], 'MAXLEN', cap, string.format('%.0f-0', seq + i), 'data', ARGV[7 + i])
end
redis.call('HSET', KEYS[1], 'number', number + 1, 'incarnation', ARGV[3], 'op_id', ARGV[4],
  'appended', string.format('%.0f', seq + math.max(0, entries)), 'data', ARGV[7])

if ARGV[5] == '0' then
  redis.call('PERSIST', KEYS[1])
  redis.call('PERSIST', KEYS[2])
else
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
  redis.call('PEXPIRE', KEYS[2], ARGV[5])
end
return {'written', number + 1, ARGV[3]}
