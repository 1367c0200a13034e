-- Gives consumer keys a place among the activations that wait, or lets them keep the one they have.
--
-- KEYS[1]   every key that waits or has waited: a sorted set, the score says until when, in milliseconds
-- KEYS[2…]  the same for one client address each, without those that wait no more
-- ARGV[1]   the time now
-- ARGV[2]   until when they would wait
-- ARGV[3]   how many may wait at once
-- ARGV[4]   how many may wait at once for one address
-- ARGV[5]   for how long a key is remembered that waits no more
-- ARGV[6…]  for each that asks: the consumer key, and which of KEYS is its address's
--
-- Answers for each 'new' or 'kept'; 'full' or 'address-full' when it has no place, and then has changed nothing.
local now, ending = tonumber(ARGV[1]), ARGV[2]
local most, mostOfAddress = tonumber(ARGV[3]), tonumber(ARGV[4])

local function waitingIn(set)
  return redis.call('ZCOUNT', set, '(' .. ARGV[1], '+inf')
end

local function waitsIn(set, member)
  local ends = redis.call('ZSCORE', set, member)
  return ends and tonumber(ends) > now
end

local waiting = {}
for at, set in ipairs(KEYS) do
  waiting[at] = waitingIn(set)
end

local answers, admitted = {}, {}
for at = 6, #ARGV, 2 do
  local member, address = ARGV[at], tonumber(ARGV[at + 1])
  local waits, waitsThere = waitsIn(KEYS[1], member), waitsIn(KEYS[address], member)
  local answer = waits and 'kept' or 'new'
  if not waits and waiting[1] >= most then
    answer = 'full'
  elseif not waitsThere and waiting[address] >= mostOfAddress then
    answer = 'address-full'
  else
    redis.call('ZADD', KEYS[1], ending, member)
    redis.call('ZADD', KEYS[address], ending, member)
    waiting[1] = waiting[1] + (waits and 0 or 1)
    waiting[address] = waiting[address] + (waitsThere and 0 or 1)
    admitted[address] = true
  end
  answers[#answers + 1] = answer
end

for address in pairs(admitted) do
  redis.call('ZREMRANGEBYSCORE', KEYS[address], '-inf', ARGV[1])
  redis.call('PEXPIRE', KEYS[address], tonumber(ending) - now)
end

-- What is remembered is bounded by its age and by its number; nothing that waits is forgotten.
if next(admitted) then
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[5]))
  local known = redis.call('ZCARD', KEYS[1])
  local surplus = math.min(known - 2 * most, known - waiting[1])
  if surplus > 0 then
    redis.call('ZREMRANGEBYRANK', KEYS[1], 0, surplus - 1)
  end
end
return answers
