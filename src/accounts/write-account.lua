-- Writes fields of one account, if it is (or is not) there already.
--
-- KEYS[1]   the account, a hash
-- ARGV[1]   'new' or 'existing'
-- ARGV[2…]  field, value, field, value …
--
-- Answers 1 when written, 0 when the account was there ('new') or missing ('existing').
if (redis.call('EXISTS', KEYS[1]) == 1) == (ARGV[1] == 'new') then
  return 0
end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
return 1
