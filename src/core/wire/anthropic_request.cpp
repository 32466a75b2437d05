// Decoding of Anthropic Messages requests.

#include <utility>

#include "core/wire/chat_request.hpp"
#include "core/wire/request_reader.hpp"

namespace hayate::wire {
namespace {

using json::Code;
using simdjson::SUCCESS;

enum : uint32_t {
    kModel = 1 << 0,
    kMessages = 1 << 1,
    kSystem = 1 << 2,
    kMaxTokens = 1 << 3,
    kStream = 1 << 4,
    kTemperature = 1 << 5,
    kTopP = 1 << 6,
    kStop = 1 << 7,
    kMetadata = 1 << 8,
};

uint32_t bit_of(std::string_view key) {
    if (key == "model") return kModel;
    if (key == "messages") return kMessages;
    if (key == "system") return kSystem;
    if (key == "max_tokens") return kMaxTokens;
    if (key == "stream") return kStream;
    if (key == "temperature") return kTemperature;
    if (key == "top_p") return kTopP;
    if (key == "stop_sequences") return kStop;
    if (key == "metadata") return kMetadata;
    return 0;
}

std::optional<ChatRole> role_of(std::string_view name) {
    if (name == "user") return ChatRole::kUser;
    if (name == "assistant") return ChatRole::kAssistant;
    return std::nullopt;
}

class AnthropicRequestDecoder {
  public:
    explicit AnthropicRequestDecoder(const ChatLimits& limits)
        : reader_("wire.anthropic", limits, role_of) {}

    Result<ChatRequest> decode(std::string_view body) {
        const Code failed = read(body);
        if (failed) return fail(reader_.error_of(failed));
        if (!system_.text.empty()) {
            request_.messages.insert(request_.messages.begin(), std::move(system_));
        }
        return std::move(request_);
    }

  private:
    Code read(std::string_view body) {
        json::Document document;
        json::Object root;
        if (const Code failed = json::open(body, document, root)) return failed;
        const Code failed =
            json::each_member(root, [this](json::Member& member) { return take(member); });
        if (failed) return failed;
        if (const Code trailing = json::check_end(document)) return trailing;
        if (request_.model.empty()) return reader_.refuse("model", "is missing.");
        if (!(seen_ & kMessages)) return reader_.refuse("messages", "is missing.");
        if (!request_.max_tokens) return reader_.refuse("max_tokens", "is missing.");
        return SUCCESS;
    }

    Code take(json::Member& member) {
        const uint32_t bit = bit_of(member.key);
        if (bit != 0) {
            if (const Code twice = reader_.once(seen_, bit, member.key)) return twice;
        }
        json::Value& value = member.value;
        switch (bit) {
            case kModel:
                return reader_.read_text(value, member.key, request_.model);
            case kMessages:
                return reader_.read_messages(value, request_.messages);
            case kSystem:
                return reader_.read_content(value, member.key, system_);
            case kMaxTokens:
                return reader_.read_count(value, member.key, request_.max_tokens);
            case kStream:
                return reader_.read_flag(value, member.key, request_.stream);
            case kTemperature:
                return reader_.read_number(value, member.key, 1, request_.temperature);
            case kTopP:
                return reader_.read_number(value, member.key, 1, request_.top_p);
            case kStop:
                return reader_.read_texts(value, member.key, request_.stop);
            case kMetadata:
                return read_metadata(value);
            default:
                return reader_.check(value);
        }
    }

    Code read_metadata(json::Value& value) {
        if (json::type_of(value) != json::Type::object) return reader_.check(value);
        return json::each_member(value, [this](json::Member& member) {
            if (member.key != "user_id") return reader_.check(member.value);
            return reader_.read_text(member.value, "metadata.user_id", request_.user);
        });
    }

    RequestReader reader_;
    ChatRequest request_;
    ChatMessage system_{.role = ChatRole::kSystem};
    uint32_t seen_ = 0;
};

}  // namespace

Result<ChatRequest> decode_anthropic_request(std::string_view body, const ChatLimits& limits) {
    return AnthropicRequestDecoder(limits).decode(body);
}

}  // namespace hayate::wire
