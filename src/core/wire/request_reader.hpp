#pragma once
// What the decoders of chat requests share: typed reads that name the offending field. Private to
// wire/.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/wire/chat_request.hpp"
#include "core/wire/json_reader.hpp"

namespace hayate::wire {

/// A read that fails for a reason of its own keeps it for `error_of`, and returns a code that ends
/// the iteration.
class RequestReader {
  public:
    /// Which roles a protocol knows.
    using RoleOf = std::optional<ChatRole> (*)(std::string_view name);

    RequestReader(std::string source, const ChatLimits& limits, RoleOf role_of)
        : source_(std::move(source)), limits_(limits), role_of_(role_of) {}

    /// The scalar reads take null for a field that is not there.
    json::Code read_flag(json::Value& value, std::string_view field, bool& out);
    json::Code read_count(json::Value& value, std::string_view field, std::optional<int>& out);
    json::Code read_number(json::Value& value, std::string_view field, double max,
                           std::optional<double>& out);
    json::Code read_text(json::Value& value, std::string_view field, std::string& out);
    /// A string, an array of strings, or null.
    json::Code read_texts(json::Value& value, std::string_view field,
                          std::vector<std::string>& out);
    json::Code read_messages(json::Value& value, std::vector<ChatMessage>& out);
    /// Text that a model will read: a string, null, or an array of parts.
    json::Code read_content(json::Value& value, std::string_view field, ChatMessage& out);
    /// Any value, which must be sound.
    [[nodiscard]] json::Code check(json::Value& value) const {
        return json::check(value, limits_.depth_max);
    }
    /// Of two equal keys two servers could take different ones: a second one is refused.
    json::Code once(uint32_t& seen, uint32_t bit, std::string_view field);

    json::Code refuse(std::string_view field, std::string text);
    /// What the client is told after a read returned `code`.
    [[nodiscard]] Error error_of(json::Code code) const;

  private:
    json::Code read_message(json::Value& value, ChatMessage& out);
    json::Code read_role(json::Value& value, ChatRole& out);
    json::Code read_part(json::Value& value, std::string_view field, ChatMessage& out);
    json::Code take_text(std::string_view text, std::string_view field, ChatMessage& out);

    std::string source_;
    const ChatLimits& limits_;
    RoleOf role_of_;
    std::optional<size_t> message_;  // the one being read, for error texts
    size_t text_bytes_ = 0;
    std::string scratch_;
    std::optional<Error> error_;
};

}  // namespace hayate::wire
