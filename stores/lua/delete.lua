-- Remove record and log in one step; with an expected version only while the record is at it.
--
-- KEYS  1 record   2 log
-- ARGV  1 expected number, "" for any   2 its incarnation
-- Gives {"deleted" | "absent" | "conflict", number, incarnation}, the version found.

local number, incarnation = unpack(redis.call('HMGET', KEYS[1], 'number', 'incarnation'))
number = tonumber(number or '0')
incarnation = incarnation or ''
if ARGV[1] ~= '' and (number ~= tonumber(ARGV[1]) or incarnation ~= ARGV[2]) then
  return {'conflict', number, incarnation}
end
redis.call('DEL', KEYS[1], KEYS[2])
return {number == 0 and 'absent' or 'deleted', number, incarnation}
