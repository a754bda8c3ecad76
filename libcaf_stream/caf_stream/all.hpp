#pragma once

// Everything a streaming program needs but the connectors with dependencies of their own, each of
// which has its header in caf_stream/receivers. What its tests need besides is in testing.hpp.

#include "caf_stream/actor_output.hpp"
#include "caf_stream/actor_stream.hpp"
#include "caf_stream/base/clock.hpp"
#include "caf_stream/broadcast.hpp"
#include "caf_stream/config.hpp"
#include "caf_stream/dstream.hpp"
#include "caf_stream/main.hpp"
#include "caf_stream/rdd.hpp"
#include "caf_stream/receiver.hpp"
#include "caf_stream/settings.hpp"
#include "caf_stream/split_words.hpp"
#include "caf_stream/streaming_context.hpp"
#include "caf_stream/streaming_listener.hpp"
