-- Asks for the addresses of a file, one after the other; each thread begins somewhere else.
local paths, next_one, threads = {}, 0, 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end
function init(arguments)
  for line in io.lines(arguments[1]) do paths[#paths + 1] = line end
  next_one = math.floor(number * #paths / 2)
end
function request()
  next_one = next_one % #paths + 1
  return wrk.format("GET", paths[next_one])
end
function done(summary, latency)
  local bad = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format("said %d %d %d %.0f\n", summary.requests, summary.duration, bad, latency:percentile(99)))
end
