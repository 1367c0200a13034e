-- Sets a merchant's password: makes the account, or changes that of the one there is.
--
-- KEYS[1]   the account, a hash
-- ARGV[1]   the hash of the password
-- ARGV[2]   the era that begins with it
-- ARGV[3…]  field, value, field, value …: what else a new account has
--
-- Answers 'made', 'changed', or 'refused' for an operator's account, or one that is disabled.
local role, disabled = unpack(redis.call('HMGET', KEYS[1], 'role', 'disabled'))
if not role then
  redis.call('HSET', KEYS[1], 'passwordHash', ARGV[1], 'era', ARGV[2], unpack(ARGV, 3))
  return 'made'
end
if role ~= 'merchant' or disabled ~= 'no' then
  return 'refused'
end
redis.call('HSET', KEYS[1], 'passwordHash', ARGV[1], 'era', ARGV[2])
return 'changed'
