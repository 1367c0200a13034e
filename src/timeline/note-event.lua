-- Adds an event to a timeline, which is kept for as long as its longest-lived event asks for.
--
-- KEYS[1]  the timeline: a stream
-- ARGV[1]  the event
-- ARGV[2]  how many events are kept, the newest
-- ARGV[3]  for how long the timeline is kept from now on, in milliseconds
redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[2], '*', 'event', ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
