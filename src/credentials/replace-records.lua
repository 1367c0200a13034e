-- Replaces JSON records of one integration together, if each is still the one that was read.
--
-- KEYS[i]          a record
-- ARGV[4*i-3]      the state it must be in, or '' where records of this kind have none
-- ARGV[4*i-2]      the version it must have, or '0': it must not exist
-- ARGV[4*i-1]      the new record, or '': there is to be none
-- ARGV[4*i]        its life in milliseconds, or '0': for ever, or 'keep': as long as it would have lived
--
-- Answers 1 when all were replaced, 0 when none was.
for i, key in ipairs(KEYS) do
  local state, version = ARGV[4 * i - 3], ARGV[4 * i - 2]
  local current = redis.call('GET', key)
  if current then
    local record = cjson.decode(current)
    if tostring(record.version) ~= version or (state ~= '' and record.state ~= state) then
      return 0
    end
  elseif version ~= '0' then
    return 0
  end
end
for i, key in ipairs(KEYS) do
  local record, life = ARGV[4 * i - 1], ARGV[4 * i]
  if record == '' then
    redis.call('DEL', key)
  elseif life == '0' then
    redis.call('SET', key, record)
  elseif life == 'keep' then
    redis.call('SET', key, record, 'KEEPTTL')
  else
    redis.call('SET', key, record, 'PX', life)
  end
end
return 1
