-- Replaces the hash of a password by another one of the same password.
--
-- KEYS[1]   the account, a hash
-- ARGV[1]   the hash that was read
-- ARGV[2]   the one to take its place
--
-- Answers 1 when replaced, 0 when the account is gone or its password has been changed meanwhile.
if redis.call('HGET', KEYS[1], 'passwordHash') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'passwordHash', ARGV[2])
return 1
