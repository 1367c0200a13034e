-- Disables an account, unless it is the last operator that is not disabled.
--
-- KEYS[1]   the account, a hash
-- KEYS[2…]  the accounts that may be other operators
-- ARGV      field, value, field, value …: what is written to disable it
--
-- Answers 'done', 'missing' when there is no such account, or 'last'.
if redis.call('EXISTS', KEYS[1]) == 0 then
  return 'missing'
end
local function isActiveOperator(key)
  local fields = redis.call('HMGET', key, 'role', 'disabled')
  return fields[1] == 'operator' and fields[2] == 'no'
end
local isLast = isActiveOperator(KEYS[1])
for at = 2, #KEYS do
  isLast = isLast and not isActiveOperator(KEYS[at])
end
if isLast then
  return 'last'
end
redis.call('HSET', KEYS[1], unpack(ARGV))
return 'done'
