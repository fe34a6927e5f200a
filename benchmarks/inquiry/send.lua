-- Sends the bodies of a file, one after the other, each once; every thread has its own share.
local bodies, at, threads, codes = {}, 0, 0, {}
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end
function init(arguments)
  local count = 0
  for line in io.lines(arguments[1]) do
    count = count + 1
    bodies[count] = line
  end
end
function request()
  at = at + 1
  local network, body = bodies[at]:match("^(%S+) (.*)$")
  local headers = { ["Content-Type"] = "application/x-www-form-urlencoded", ["X-Forwarded-For"] = network }
  return wrk.format("POST", nil, headers, body)
end
function response(status)
  if status ~= 303 and status ~= 302 then bad = (bad or 0) + 1 end
end
function done(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format("said %d %d %d %.0f %.0f\n", summary.requests, summary.duration, failed, latency:percentile(50), latency:percentile(99)))
end
