#pragma once
// The log: one line per event, `time level event key=value ...`. Callers name each field; nothing
// is dumped whole, and control characters are escaped, so a line is always one event. Thread-safe.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/error.hpp"

namespace hayate::base {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError, kOff };

struct LogField {
    std::string_view key;
    std::variant<std::string_view, int64_t, double, bool> value;

    LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
    LogField(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
    LogField(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}
    LogField(std::string_view k, double v) : key(k), value(v) {}
    LogField(std::string_view k, bool v) : key(k), value(v) {}
    template <class Integer>
        requires std::is_integral_v<Integer>
    LogField(std::string_view k, Integer v) : key(k), value(static_cast<int64_t>(v)) {}
};

void set_log_level(LogLevel level);
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields);

inline void log_debug(std::string_view event, std::initializer_list<LogField> fields = {}) {
    log(LogLevel::kDebug, event, fields);
}
inline void log_info(std::string_view event, std::initializer_list<LogField> fields = {}) {
    log(LogLevel::kInfo, event, fields);
}
inline void log_warning(std::string_view event, std::initializer_list<LogField> fields = {}) {
    log(LogLevel::kWarning, event, fields);
}
inline void log_error(std::string_view event, std::initializer_list<LogField> fields = {}) {
    log(LogLevel::kError, event, fields);
}
/// Kind, source and internal text of an error, as a warning.
void log_failure(std::string_view event, const Error& error,
                 std::initializer_list<LogField> fields = {});

/// The text of one line without time and level; what `log` writes. Public for tests.
[[nodiscard]] std::string format_log_line(std::string_view event,
                                          std::initializer_list<LogField> fields);

}  // namespace hayate::base
