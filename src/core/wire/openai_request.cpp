// Decoding of OpenAI chat-completions requests: the hot path of plain gateway use, one pass over
// the body.

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
    kStream = 1 << 2,
    kStreamOptions = 1 << 3,
    kMaxTokens = 1 << 4,
    kMaxCompletionTokens = 1 << 5,
    kTemperature = 1 << 6,
    kTopP = 1 << 7,
    kStop = 1 << 8,
    kUser = 1 << 9,
    kLogprobs = 1 << 10,
    kChoices = 1 << 11,
};
constexpr uint32_t kNotPassedOn = kModel | kStream | kStreamOptions;

uint32_t bit_of(std::string_view key) {
    struct Known {
        std::string_view key;
        uint32_t bit;
    };
    static constexpr Known kKnown[] = {
        {"model", kModel},
        {"messages", kMessages},
        {"stream", kStream},
        {"stream_options", kStreamOptions},
        {"max_tokens", kMaxTokens},
        {"max_completion_tokens", kMaxCompletionTokens},
        {"temperature", kTemperature},
        {"top_p", kTopP},
        {"stop", kStop},
        {"user", kUser},
        {"logprobs", kLogprobs},
        {"n", kChoices},
    };
    for (const Known& known : kKnown) {
        if (known.key == key) return known.bit;
    }
    return 0;
}

std::optional<ChatRole> role_of(std::string_view name) {
    if (name == "user") return ChatRole::kUser;
    if (name == "assistant") return ChatRole::kAssistant;
    if (name == "system") return ChatRole::kSystem;
    if (name == "developer") return ChatRole::kDeveloper;
    if (name == "tool") return ChatRole::kTool;
    return std::nullopt;
}

class OpenAiRequestDecoder {
  public:
    explicit OpenAiRequestDecoder(const ChatLimits& limits)
        : reader_("wire.openai", limits, role_of) {}

    Result<ChatRequest> decode(std::string_view body) {
        // Nearly all of the body is passed on; the limit keeps the reservation honest for a huge
        // one.
        request_.passthrough.reserve(std::min<size_t>(body.size(), size_t{64} * 1024));
        const Code failed = read(body);
        if (failed) return fail(reader_.error_of(failed));
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
        if (!(seen_ & kModel)) return reader_.refuse("model", "is missing.");
        if (!(seen_ & kMessages)) return reader_.refuse("messages", "is missing.");
        if (max_completion_tokens_) request_.max_tokens = max_completion_tokens_;
        return SUCCESS;
    }

    Code take(json::Member& member) {
        const uint32_t bit = bit_of(member.key);
        if (bit != 0) {
            if (const Code twice = reader_.once(seen_, bit, member.key)) return twice;
        }
        if (const Code failed = read_field(member, bit)) return blame(member.key, failed);
        if (bit & kNotPassedOn) return SUCCESS;
        if (!request_.passthrough.empty()) request_.passthrough += ',';
        request_.passthrough += json::text_from(member.begin, member.value);
        return SUCCESS;
    }

    /// Says where something is that is JSON, but not what a server should have to pass on.
    Code blame(std::string_view key, Code code) {
        constexpr size_t kKeyMax =
            64;  // a key of the client's own making is quoted only if it is short
        if (key.size() > kKeyMax) return code;
        if (code == simdjson::DEPTH_ERROR) return reader_.refuse(key, "is nested too deeply.");
        if (code == simdjson::NUMBER_ERROR) {
            return reader_.refuse(key, "holds a number that cannot be represented.");
        }
        return code;
    }

    Code read_field(json::Member& member, uint32_t bit) {
        json::Value& value = member.value;
        switch (bit) {
            case kModel:
                return read_model(value);
            case kMessages:
                return reader_.read_messages(value, request_.messages);
            case kStream:
                return reader_.read_flag(value, member.key, request_.stream);
            case kStreamOptions:
                return read_stream_options(value);
            case kMaxTokens:
                return reader_.read_count(value, member.key, request_.max_tokens);
            case kMaxCompletionTokens:
                return reader_.read_count(value, member.key, max_completion_tokens_);
            case kTemperature:
                return reader_.read_number(value, member.key, 2, request_.temperature);
            case kTopP:
                return reader_.read_number(value, member.key, 1, request_.top_p);
            case kStop:
                return reader_.read_texts(value, member.key, request_.stop);
            case kUser:
                return reader_.read_text(value, member.key, request_.user);
            case kLogprobs:
                return reader_.read_flag(value, member.key, request_.logprobs);
            case kChoices:
                return read_choices(value);
            default:
                return reader_.check(value);
        }
    }

    Code read_model(json::Value& value) {
        constexpr size_t kNameMax = 256;
        if (const Code failed = reader_.read_text(value, "model", request_.model)) return failed;
        if (!request_.model.empty() && request_.model.size() <= kNameMax) return SUCCESS;
        return reader_.refuse("model", "must be a name.");
    }

    Code read_stream_options(json::Value& value) {
        if (json::type_of(value) == json::Type::null) return reader_.check(value);
        if (json::type_of(value) != json::Type::object) {
            return reader_.refuse("stream_options", "must be an object.");
        }
        return json::each_member(value, [this](json::Member& member) {
            if (member.key != "include_usage") return reader_.check(member.value);
            return reader_.read_flag(member.value, "stream_options.include_usage",
                                     request_.include_usage);
        });
    }

    /// Our answers have one choice; silently dropping the others would be worse than saying so.
    Code read_choices(json::Value& value) {
        std::optional<int> choices;
        if (const Code failed = reader_.read_count(value, "n", choices)) return failed;
        return choices.value_or(1) == 1 ? SUCCESS : reader_.refuse("n", "must be 1.");
    }

    RequestReader reader_;
    ChatRequest request_;
    std::optional<int> max_completion_tokens_;
    uint32_t seen_ = 0;
};

}  // namespace

std::string_view name_of(ChatRole role) {
    switch (role) {
        case ChatRole::kSystem:
            return "system";
        case ChatRole::kDeveloper:
            return "developer";
        case ChatRole::kUser:
            return "user";
        case ChatRole::kAssistant:
            return "assistant";
        case ChatRole::kTool:
            return "tool";
    }
    return "user";
}

Result<ChatRequest> decode_openai_request(std::string_view body, const ChatLimits& limits) {
    return OpenAiRequestDecoder(limits).decode(body);
}

}  // namespace hayate::wire
