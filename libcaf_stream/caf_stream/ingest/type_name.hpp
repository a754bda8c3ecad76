#pragma once

#include <string>
#include <typeinfo>

namespace caf_stream::ingest {

/// The name of a type without its namespaces and template arguments: `my_receiver`.
std::string short_type_name(const std::type_info& type);

} // namespace caf_stream::ingest
