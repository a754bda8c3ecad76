#include "caf_stream/config.hpp"

#include <sstream>

#include <caf/config_value.hpp>
#include <caf/settings.hpp>

#include "caf_stream/actors/caf_compat.hpp"
#include "caf_stream/actors/message_types.hpp"
#include "caf_stream/base/file.hpp"
#include "caf_stream/base/nearest_name.hpp"
#include "caf_stream/config_file.hpp"
#include "caf_stream/engine/settings_text.hpp"

// Written for CAF 0.17.6. In CAF 1.x `meta_state` has a `sync` in place of `check`, `store` and
// `parse`, options of CAF's own are under `caf.`, and policies are strings, not atoms: all of that
// is in this file.

namespace caf_stream {

namespace {

std::string text_of(const caf::config_value& value) {
  if (auto text = caf::get_if<std::string>(&value))
    return *text;
  if (auto time = caf::get_if<caf::timespan>(&value))
    return std::to_string(time->count()) + "ns";
  return caf::to_string(value);
}

// A value of the type CAF would have read, so that programs find in `content` what they expect.
caf::config_value value_of(const setting_row& row, const settings& stream) {
  auto text = row.get(stream);
  std::uint64_t count = 0;
  double number = 0;
  duration time{};
  std::string ignored;
  if (row.kind == setting_kind::flag)
    return caf::config_value{text == "true"};
  if (row.kind == setting_kind::count && detail::parse_count(text, count) &&
      std::in_range<std::int64_t>(count))
    return caf::config_value{static_cast<std::int64_t>(count)};
  if (row.kind == setting_kind::number && detail::parse_number(text, number))
    return caf::config_value{number};
  if (row.kind == setting_kind::duration && detail::parse_duration(text, time, ignored))
    return caf::config_value{caf::timespan{time}};
  return caf::config_value{text};
}

std::string_view kind_in_help(setting_kind kind) {
  switch (kind) {
  case setting_kind::flag:
    return "true|false"; // not "boolean": such an option takes no value in CAF
  case setting_kind::count:
    return "count";
  case setting_kind::number:
    return "number";
  case setting_kind::duration:
    return "time";
  case setting_kind::size:
    return "size";
  case setting_kind::text:
    return "text";
  case setting_kind::choice:
    break;
  }
  return "choice";
}

std::string help_of(const setting_row& row) {
  auto help = std::string{row.effect};
  if (!row.unit.empty())
    help += " [" + std::string{row.unit} + "]";
  if (row.kind == setting_kind::choice)
    help += ": " + row.accepted;
  if (!row.default_text.empty())
    help += " (default: " + row.default_text + ")";
  return help;
}

// How an empty text is written, as in the file: CAF takes `--option=` for an option without value.
constexpr caf::string_view empty_text{"\"\"", 2};

[[noreturn]] void refuse(const std::string& text) { throw error{errc::invalid_setting, text}; }

caf::string_view view(std::string_view text) { return {text.data(), text.size()}; }

std::string text_of(caf::string_view text) { return {text.data(), text.size()}; }

// Checks that there is an option such as `--name=value` and brings settings into a form that CAF
// takes: with a value, and one that is not empty.
std::string completed(const caf::config_option_set& options, std::string arg) {
  auto assigned = arg.find('=');
  auto name = arg.substr(2, assigned - 2);
  auto option = options.cli_long_name_lookup(name);
  if (option == nullptr) {
    std::vector<std::string> names;
    for (auto& other : options)
      names.push_back(text_of(other.has_flat_cli_name() ? other.long_name() : other.full_name()));
    std::vector<std::string_view> known(names.begin(), names.end());
    refuse("there is no option " + arg + in_place_of(name, known, "--"));
  }
  auto setting = name.compare(0, 7, "stream.") == 0 ? find_setting(name.substr(7)) : nullptr;
  if (assigned == std::string::npos && !option->is_flag()) {
    if (setting == nullptr || setting->kind != setting_kind::flag)
      refuse(arg + " needs a value: " + arg + "=…");
    return arg + "=true";
  }
  if (setting != nullptr && assigned == arg.size() - 1)
    arg.append(empty_text.data(), empty_text.size());
  return arg;
}

#ifdef __clang__
// A program built with clang shares these objects of inline functions with a CAF built with GCC,
// and GCC's code for making them leaves out the pointers in them, which it expects to be there from
// the start. So make them before CAF does.
[[maybe_unused]] const caf::config_option::meta_state* const made_first[] = {
  caf::detail::option_meta_state_instance<bool>(),
  caf::detail::option_meta_state_instance<std::size_t>(),
  caf::detail::option_meta_state_instance<std::string>(),
  caf::detail::option_meta_state_instance<caf::timespan>(),
  caf::detail::option_meta_state_instance<caf::atom_value>(),
  caf::detail::option_meta_state_instance<std::vector<std::string>>(),
};
#endif

} // namespace

// What CAF's option knows of a setting. Errors leave CAF's parser as exceptions, because its own
// hold no text.
struct config::bound_setting {
  config* owner;
  const setting_row* row;
  caf::config_option::meta_state meta;

  void set(std::string_view text) {
    if (auto done = owner->stream.set(row->name, text); !done)
      throw done.error();
  }

  bound_setting(config* cfg, const setting_row* setting) : owner(cfg), row(setting) {
    meta.check = [](const caf::config_value&) { return caf::error{}; };
    meta.store = [](void* self, const caf::config_value& value) {
      static_cast<bound_setting*>(self)->set(text_of(value));
    };
    meta.get = nullptr;
    meta.parse = [](void* self, caf::string_view text) -> caf::expected<caf::config_value> {
      auto bound = static_cast<bound_setting*>(self);
      bound->set(text == empty_text ? std::string_view{}
                                    : std::string_view{text.data(), text.size()});
      return value_of(*bound->row, bound->owner->stream);
    };
    meta.type_name = kind_in_help(row->kind);
  }
};

void add_message_types(caf::actor_system_config& cfg) { actors::register_messages(cfg); }

config::config() {
  caf_stream::add_message_types(*this);
  for (auto& row : settings::table()) {
    bound_.push_back(std::make_unique<bound_setting>(this, &row));
    // CAF splits names at the last dot.
    auto full_name = "stream." + std::string{row.name};
    auto dot = full_name.rfind('.');
    custom_options_.add(caf::config_option{view(full_name).substr(0, dot),
                                           view(full_name).substr(dot + 1), view(help_of(row)),
                                           &bound_.back()->meta, bound_.back().get()});
  }
  // Workers that steal sleep up to 10 ms when idle, so that ticks would come late.
  set("scheduler.policy", caf::atom("sharing"));
  // CAF leaves these off, and then never notices a node that is frozen or silent.
  set(actors::heartbeat_interval_option, caf::timespan{std::chrono::seconds{1}});
  set(actors::connection_timeout_option, caf::timespan{std::chrono::seconds{5}});
}

config::~config() = default;

void config::parse(int argc, char** argv) {
  parse(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
}

void config::parse(std::vector<std::string> args) {
  static constexpr std::string_view file_option = "--config-file=";
  auto options = take_options(std::move(args));
  std::string file = config_file_path == "caf-application.ini" ? "" : config_file_path;
  for (auto& option : options)
    if (option.compare(0, file_option.size(), file_option) == 0)
      file = option.substr(file_option.size());
  if (!file.empty())
    read_file(file);
  else
    for (auto name : {"caf-application.ini", "caf-application.conf"})
      if (posix_files().exists(name).value_or(true))
        read_file(name);
  std::istringstream files_are_read;
  if (auto failure = caf::actor_system_config::parse(std::move(options), files_are_read))
    refuse("the command line cannot be read: " + render(failure));
  remainder = arguments_;
}

// Takes the words out: CAF 0.17.6 would stop at the first one.
std::vector<std::string> config::take_options(std::vector<std::string> args) {
  std::vector<std::string> options;
  arguments_.clear();
  for (auto arg = args.begin(); arg != args.end(); ++arg) {
    if (*arg == "--") {
      arguments_.insert(arguments_.end(), std::next(arg), args.end());
      break;
    }
    if (arg->size() < 2 || arg->front() != '-') {
      arguments_.push_back(*arg);
    } else if ((*arg)[1] == '-') {
      options.push_back(completed(custom_options_, *arg));
    } else {
      options.push_back(*arg);
      auto option = custom_options_.cli_short_name_lookup((*arg)[1]);
      if (option == nullptr)
        refuse("there is no option " + *arg);
      if (option->is_flag() || arg->size() > 2)
        continue;
      if (++arg == args.end())
        refuse(options.back() + " needs a value");
      options.push_back(*arg);
    }
  }
  return options;
}

void config::read_file(const std::string& path) {
  auto text = posix_files().read_all(path);
  if (!text)
    refuse(std::string{"the configuration file cannot be read: "} + text.error().what());
  auto file = split_config_file(*text, path);
  if (!file)
    throw file.error();
  for (auto& entry : file->stream)
    set_from_file(entry.name, entry.value, path + ":" + std::to_string(entry.line) + ": ");
  std::istringstream rest{file->rest};
  if (auto failure = parse_config(rest, custom_options_, content))
    refuse(path + " cannot be read: " + render(failure));
}

void config::set_from_file(const std::string& name, const std::string& value,
                           const std::string& where) {
  // CAF, and programs, have options of their own called stream.…
  auto full_name = "stream." + name;
  auto option = find_setting(name) ? nullptr : custom_options_.cli_long_name_lookup(full_name);
  if (option != nullptr) {
    auto read = option->parse(value);
    if (!read)
      refuse(where + full_name + " cannot be '" + value + "': " + render(read.error()));
    put(content, full_name, std::move(*read));
    return;
  }
  if (auto done = stream.set(name, value); !done)
    refuse(where + done.error().what());
  put(content, full_name, value_of(*find_setting(name), stream));
}

caf::settings config::dump_content() const {
  auto result = caf::actor_system_config::dump_content();
  // Of CAF's own entries, leave out what CAF would not read back: values that are no options, and
  // a time of zero, which it prints as 0d.
  if (auto group = caf::get_if<caf::settings>(&result["stream"]))
    std::erase_if(group->container(),
                  [](auto& entry) { return entry.first.compare(0, 11, "size-policy") == 0; });
  if (auto group = caf::get_if<caf::settings>(&result["middleman"]))
    std::erase_if(group->container(), [](auto& entry) {
      auto time = caf::get_if<caf::timespan>(&entry.second);
      return time != nullptr && time->count() == 0;
    });
  for (auto& row : settings::table()) {
    // CAF would round numbers and times.
    auto exact = row.kind == setting_kind::flag || row.kind == setting_kind::count;
    put(result, "stream." + std::string{row.name},
        exact ? value_of(row, stream) : caf::config_value{row.get(stream)});
  }
  return result;
}

} // namespace caf_stream
