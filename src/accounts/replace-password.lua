-- Replaces the hash of a password, and ends all sign-ins, by somebody who has given the old password.
--
-- KEYS[1]   the account, a hash
-- ARGV[1]   the era in which the old password was given
-- ARGV[2]   the hash of the new one
-- ARGV[3]   the era that begins
--
-- Answers 1 when replaced, 0 when the account is gone or disabled, or that era is over.
local era, disabled = unpack(redis.call('HMGET', KEYS[1], 'era', 'disabled'))
if disabled ~= 'no' or (era or '') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'passwordHash', ARGV[2], 'era', ARGV[3])
return 1
