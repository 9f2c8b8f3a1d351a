-- One page of a log, with the incarnation it belongs to.
--
-- KEYS  1 record   2 log
-- ARGV  1 sequence number to start after   2 most entries to give
-- Gives {incarnation, {{id, {"data", entry}}, ...}}; {"", {}} when the record is absent.

local incarnation = redis.call('HGET', KEYS[1], 'incarnation')
if not incarnation then
  return {'', {}}
end
local start = string.format('%.0f-0', tonumber(ARGV[1]) + 1)
return {incarnation, redis.call('XRANGE', KEYS[2], start, '+', 'COUNT', ARGV[2])}
