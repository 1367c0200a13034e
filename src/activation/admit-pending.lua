-- Gives a consumer key a place among the activations that wait, or lets it keep the one it has.
--
-- KEYS[1]  every key that waits or has waited: a sorted set, the score says until when, in milliseconds
-- KEYS[2]  the same for one client address, without those that wait no more
-- ARGV[1]  the consumer key
-- ARGV[2]  the time now
-- ARGV[3]  until when it would wait
-- ARGV[4]  how many may wait at once
-- ARGV[5]  how many may wait at once for one address
-- ARGV[6]  for how long a key is remembered that waits no more
--
-- Answers 'new' or 'kept'; 'full' or 'address-full' when it has no place, and then has changed nothing.
local member, now, ending = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local most, mostOfAddress = tonumber(ARGV[4]), tonumber(ARGV[5])

local function waitsIn(set)
  local ends = redis.call('ZSCORE', set, member)
  return ends and tonumber(ends) > now
end

local waits = waitsIn(KEYS[1])
local waiting = redis.call('ZCOUNT', KEYS[1], '(' .. ARGV[2], '+inf')
if not waits and waiting >= most then
  return 'full'
end
if not waitsIn(KEYS[2]) and redis.call('ZCOUNT', KEYS[2], '(' .. ARGV[2], '+inf') >= mostOfAddress then
  return 'address-full'
end

redis.call('ZADD', KEYS[1], ending, member)
redis.call('ZADD', KEYS[2], ending, member)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[2])
redis.call('PEXPIRE', KEYS[2], tonumber(ending) - now)

-- What is remembered is bounded by its age and by its number; nothing that waits is forgotten.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[6]))
local known = redis.call('ZCARD', KEYS[1])
local surplus = math.min(known - 2 * most, known - waiting - 1)
if surplus > 0 then
  redis.call('ZREMRANGEBYRANK', KEYS[1], 0, surplus - 1)
end
return waits and 'kept' or 'new'
