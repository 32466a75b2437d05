#pragma once
// What the load generator wants from the fake upstream. It travels in the user's message, so that
// every gateway passes it on, and what comes back carries marks in its text:
//
//   bench:first=0,tokens=50,gap=20,bytes=1000,id=s17;      in the question
//   ~T<19 digits>~     in every streamed token: when it was made, in ns (see clock.hpp)
//   ~OK~               at the end of a whole answer

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace hayate::bench {

inline constexpr std::string_view kStampBegin = "~T";
inline constexpr size_t kStampBytes = 22;  // with begin and end
inline constexpr std::string_view kWholeMark = "~OK~";

struct Script {
    int64_t first_ms = 0;  // until the first token, or until the whole answer
    int64_t tokens = 20;
    int64_t gap_ms = 0;    // between two tokens
    int64_t bytes = 1000;  // of a whole answer's text
    std::string id;        // to ask for what became of the call; empty: nothing is noted

    [[nodiscard]] std::string text() const {
        return fmt::format("bench:first={},tokens={},gap={},bytes={},id={};", first_ms, tokens,
                           gap_ms, bytes, id);
    }

    [[nodiscard]] static Script find_in(std::string_view body) {
        Script script;
        const size_t begin = body.find("bench:");
        if (begin == std::string_view::npos) return script;
        const std::string_view text = body.substr(begin, body.find(';', begin) - begin);
        const auto value = [&](std::string_view name) {
            const size_t at = text.find(name);
            if (at == std::string_view::npos) return std::string_view();
            const std::string_view rest = text.substr(at + name.size());
            return rest.substr(0, rest.find(','));
        };
        const auto number = [&](std::string_view name, int64_t& out) {
            const std::string_view digits = value(name);
            std::from_chars(digits.data(), digits.data() + digits.size(), out);
        };
        number("first=", script.first_ms);
        number("tokens=", script.tokens);
        number("gap=", script.gap_ms);
        number("bytes=", script.bytes);
        script.id = value("id=");
        return script;
    }
};

}  // namespace hayate::bench
