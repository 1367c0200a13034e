-- Removes a record that is still exactly the one that was written.
--
-- KEYS[1]  the record
-- ARGV[1]  what was written
--
-- Answers 1 when it was removed, 0 when it has changed since or is gone.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
