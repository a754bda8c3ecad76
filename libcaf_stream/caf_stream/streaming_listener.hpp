#pragma once

// What a listener is told, and the base of listeners.

#include "caf_stream/engine/listener.hpp"
