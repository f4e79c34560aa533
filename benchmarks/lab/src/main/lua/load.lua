-- What wrk sends, and its figures in one line that a program reads.
-- Arguments after "--": the method, how many bytes the body has, how many requests are sent at once.

function init(args)
  local size = tonumber(args[2] or "0")
  local depth = tonumber(args[3] or "1")
  wrk.method = args[1] or "GET"
  if size > 0 then
    wrk.body = string.rep("x", size)
    wrk.headers["Content-Type"] = "application/octet-stream"
  end
  local one = wrk.format()
  local all = string.rep(one, depth)
  request = function() return all end
end

function done(summary, latency, requests)
  io.write(string.format(
    "lab requests=%d micros=%d p50=%d p99=%d p999=%d status=%d connect=%d read=%d write=%d timeout=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
    summary.errors.status, summary.errors.connect, summary.errors.read, summary.errors.write, summary.errors.timeout))
end
