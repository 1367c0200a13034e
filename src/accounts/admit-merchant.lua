-- Sets a merchant's password: makes the account, or changes that of the one there is.
--
-- KEYS[1]   the account, a hash
-- ARGV[1]   the hash of the password
-- ARGV[2]   the era that begins with it
-- ARGV[3]   an account that was made after this time, as ISO 8601 has it, is left as it is
-- ARGV[4…]  field, value, field, value …: what else a new account has
--
-- Answers 'made', 'changed', or 'refused' for an account that is newer, an operator's, or disabled.
local role, disabled, createdAt = unpack(redis.call('HMGET', KEYS[1], 'role', 'disabled', 'createdAt'))
if not role then
  redis.call('HSET', KEYS[1], 'passwordHash', ARGV[1], 'era', ARGV[2], unpack(ARGV, 4))
  return 'made'
end
if role ~= 'merchant' or disabled ~= 'no' or createdAt > ARGV[3] then
  return 'refused'
end
redis.call('HSET', KEYS[1], 'passwordHash', ARGV[1], 'era', ARGV[2])
return 'changed'
