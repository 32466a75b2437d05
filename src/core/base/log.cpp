#include "core/base/log.hpp"

#include <algorithm>
#include <iterator>
#include <memory>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace hayate::base {
namespace {

spdlog::logger& logger() {
    static const std::shared_ptr<spdlog::logger> instance = [] {
        auto made = spdlog::stderr_color_mt("hayate");
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%L%$ %v");
        made->flush_on(spdlog::level::warn);
        return made;
    }();
    return *instance;
}

bool is_plain(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return c > ' ' && c != '"' && c != '=' && c != '\\' && c != '\x7f';
    });
}

/// U+0085, U+2028 and U+2029 end a line for some readers, so they are escaped like C0 and C1
/// controls.
size_t line_break_length(std::string_view rest) {
    if (rest.starts_with("\xe2\x80\xa8") || rest.starts_with("\xe2\x80\xa9")) return 3;
    const bool c1 = rest.size() >= 2 && rest[0] == '\xc2' && rest[1] >= '\x80' && rest[1] <= '\x9f';
    return c1 ? 2 : 0;
}

void append_quoted(std::string& line, std::string_view text) {
    line += '"';
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (const size_t length = line_break_length(text.substr(i)); length > 0) {
            line += "\\u";
            i += length - 1;
        } else if (c == '"' || c == '\\') {
            line += '\\';
            line += c;
        } else if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') {
            fmt::format_to(std::back_inserter(line), "\\x{:02x}", static_cast<unsigned char>(c));
        } else {
            line += c;
        }
    }
    line += '"';
}

void append_value(std::string& line, const LogField& field) {
    if (const auto* text = std::get_if<std::string_view>(&field.value)) {
        const bool ascii = std::ranges::all_of(*text, [](char c) { return c > 0; });
        if (ascii && is_plain(*text)) {
            line += *text;
        } else {
            append_quoted(line, *text);
        }
    } else if (const auto* integer = std::get_if<int64_t>(&field.value)) {
        fmt::format_to(std::back_inserter(line), "{}", *integer);
    } else if (const auto* number = std::get_if<double>(&field.value)) {
        fmt::format_to(std::back_inserter(line), "{:.3f}", *number);
    } else {
        line += std::get<bool>(field.value) ? "true" : "false";
    }
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
        case LogLevel::kDebug:
            return spdlog::level::debug;
        case LogLevel::kInfo:
            return spdlog::level::info;
        case LogLevel::kWarning:
            return spdlog::level::warn;
        case LogLevel::kError:
            return spdlog::level::err;
        case LogLevel::kOff:
            break;
    }
    return spdlog::level::off;
}

}  // namespace

void set_log_level(LogLevel level) { logger().set_level(to_spdlog(level)); }

std::string format_log_line(std::string_view event, std::initializer_list<LogField> fields) {
    std::string line(event);
    for (const LogField& field : fields) {
        line += ' ';
        line += field.key;
        line += '=';
        append_value(line, field);
    }
    return line;
}

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    if (!logger().should_log(to_spdlog(level))) return;
    logger().log(to_spdlog(level), format_log_line(event, fields));
}

void log_failure(std::string_view event, const Error& error,
                 std::initializer_list<LogField> fields) {
    std::string line = format_log_line(event, fields);
    line += format_log_line(
        "",
        {{"kind", shape_of(error.kind).name}, {"source", error.source}, {"cause", error.internal}});
    logger().log(spdlog::level::warn, line);
}

}  // namespace hayate::base
