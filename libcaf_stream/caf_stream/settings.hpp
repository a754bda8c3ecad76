#pragma once

// All settings of a context, with their defaults and their text forms.

#include "caf_stream/engine/settings.hpp"
