#include "caf_stream/ingest/type_name.hpp"

#include <cstdlib>
#include <memory>

#include <cxxabi.h>

namespace caf_stream::ingest {

std::string short_type_name(const std::type_info& type) {
  int failed = 0;
  std::unique_ptr<char, void (*)(void*)> demangled{
    abi::__cxa_demangle(type.name(), nullptr, nullptr, &failed), &std::free};
  std::string name = failed == 0 ? demangled.get() : type.name();
  if (auto arguments = name.find('<'); arguments != std::string::npos)
    name.erase(arguments);
  if (auto scope = name.rfind(':'); scope != std::string::npos)
    name.erase(0, scope + 1);
  return name;
}

} // namespace caf_stream::ingest
