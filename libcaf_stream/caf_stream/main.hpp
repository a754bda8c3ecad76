#pragma once

#include <functional>

#include "caf_stream/config.hpp"
#include "caf_stream/streaming_context.hpp"

namespace caf_stream {

/// Runs a streaming program: reads options and configuration file, makes a context, has `setup`
/// build the graph, starts, and waits for the end. SIGTERM and SIGINT stop gracefully, a second one
/// at once. Batches that fail are logged and the program goes on, unless `--stream.failure-policy`
/// says stop. The actor system has CAF's network module.
///
/// Returns the program's exit code: 0 after a graceful end; 1 when something failed so that the
/// program had to end; 2 for a bad command line or configuration; 128 + the signal's number after a
/// second signal.
///
/// Blocks SIGTERM and SIGINT in the calling thread, so that the threads it makes do not get them.
int run_main(int argc, char** argv, duration default_interval,
             const std::function<void(streaming_context&)>& setup);

} // namespace caf_stream

/// Defines `main`: see caf_stream::run_main. `setup` is a function of `streaming_context&`.
#define CAF_STREAM_MAIN(default_interval, setup)                                                   \
  int main(int argc, char** argv) {                                                                \
    return ::caf_stream::run_main(argc, argv, default_interval, setup);                            \
  }
