#include "core/wire/chat_frames.hpp"

#include <utility>

#include <boost/json.hpp>

#include "core/base/json_text.hpp"

namespace hayate::wire {
namespace {

namespace json = boost::json;
using base::append_json_string;
using base::append_number;

constexpr size_t kIdBytesMax = 128;

Error bad_frame(std::string text, std::string param = {}) {
    Error error = base::public_error(ErrorKind::kBadRequest, "frame", std::move(text));
    error.param = std::move(param);
    return error;
}

/// A reader of one frame's fields that remembers the first thing that is wrong.
class FrameReader {
  public:
    explicit FrameReader(const json::object& object) : object_(object) {}

    std::string text(std::string_view key, bool is_required, size_t bytes_max = kIdBytesMax) {
        const json::value* value = find(key, is_required);
        if (!value) return {};
        if (!value->is_string()) {
            note(key, "expected a string");
            return {};
        }
        if (value->get_string().size() > bytes_max) note(key, "too long");
        if (is_required && value->get_string().empty()) note(key, "empty");
        return std::string(value->get_string());
    }
    std::optional<int64_t> count(std::string_view key, bool is_required) {
        const json::value* value = find(key, is_required);
        if (!value) return std::nullopt;
        if (!value->is_int64() || value->get_int64() < 0) {
            note(key, "expected a whole number, 0 or more");
            return std::nullopt;
        }
        return value->get_int64();
    }
    bool flag(std::string_view key) {
        const json::value* value = find(key, false);
        if (value && !value->is_bool()) note(key, "expected true or false");
        return value && value->is_bool() && value->get_bool();
    }
    std::string one_of(std::string_view key, std::initializer_list<std::string_view> values) {
        std::string read = text(key, true);
        std::string wanted;
        for (const std::string_view value : values) {
            if (read == value) return read;
            wanted.append(wanted.empty() ? "" : ", ").append(value);
        }
        note(key, "expected one of " + wanted);
        return {};
    }
    template <class Frame>
    Result<ClientFrame> done(Frame frame) {
        if (error_) return fail(*error_);
        return ClientFrame(std::move(frame));
    }

  private:
    const json::value* find(std::string_view key, bool is_required) {
        const json::value* value = object_.if_contains({key.data(), key.size()});
        if (value && !value->is_null()) return value;
        if (is_required) note(key, "missing");
        return nullptr;
    }
    void note(std::string_view key, std::string_view what) {
        if (error_) return;
        error_ = bad_frame("'" + std::string(key) + "': " + std::string(what), std::string(key));
    }
    const json::object& object_;
    std::optional<Error> error_;
};

Result<ClientFrame> read_ask(FrameReader& frame) {
    AskFrame ask;
    ask.client_msg_id = frame.text("client_msg_id", true);
    ask.session = frame.text("session", false);
    ask.text = frame.text("text", false, SIZE_MAX);
    ask.language = frame.text("language", false, 16);
    ask.regenerate = frame.count("regenerate", false);
    ask.wants_trace = frame.flag("trace");
    return frame.done(std::move(ask));
}

FeedbackFrame read_feedback(FrameReader& frame) {
    FeedbackFrame feedback;
    feedback.client_msg_id = frame.text("client_msg_id", false);
    feedback.response_id = frame.text("response_id", true);
    feedback.thumb = frame.one_of("thumb", {"up", "down", "none"});
    return feedback;
}

Result<json::value> parse_object(std::string_view text, std::string_view expected) {
    json::error_code failed;
    json::value value = json::parse({text.data(), text.size()}, failed);
    if (failed) return fail(bad_frame("not valid JSON: " + failed.message()));
    if (!value.is_object()) return fail(bad_frame(std::string(expected)));
    return value;
}

void append_time(std::string& out, std::string_view key, double ms) {
    out.append(key);
    append_number(out, ms, 1);
}

/// `open` is the key with the bracket that opens its array.
void append_texts(std::string& out, std::string_view open, const std::vector<std::string>& texts) {
    out += open;
    for (const std::string& text : texts) {
        if (out.back() != '[') out += ',';
        append_json_string(out, text);
    }
    out += ']';
}

void append_stage(std::string& out, const StageSpan& span, bool is_explained) {
    out += R"({"name":)";
    append_json_string(out, span.name);
    append_time(out, R"(,"start_ms":)", span.start_ms);
    append_time(out, R"(,"end_ms":)", span.end_ms);
    out += R"(,"outcome":)";
    append_json_string(out, span.outcome);
    if (is_explained && !span.parent.empty()) {
        out += R"(,"parent":)";
        append_json_string(out, span.parent);
    }
    if (is_explained && span.is_critical) out += R"(,"critical":true)";
    if (is_explained && span.budget_ms) append_time(out, R"(,"budget_ms":)", *span.budget_ms);
    out += '}';
}

void append_timings(std::string& out, const FinalEvent& final) {
    append_time(out, R"(,"timings":{"first_word_ms":)", final.first_word_ms);
    append_time(out, R"(,"total_ms":)", final.total_ms);
    if (final.summary) {
        append_time(out, R"(,"sequential_ms":)", final.summary->sequential_ms);
        append_time(out, R"(,"saved_ms":)", final.summary->saved_ms);
    }
    out += R"(,"stages":[)";
    for (const StageSpan& span : final.stages) {
        if (out.back() == '}') out += ',';
        append_stage(out, span, final.summary.has_value());
    }
    out += "]}";
}

void append_final(std::string& out, const FinalEvent& final) {
    out += R"("type":"final","finish":)";
    append_json_string(out, name_of(final.finish));
    out += R"(,"text_hash":"sha256:)" + final.text_sha256 + R"(","usage":{"prompt_tokens":)";
    append_number(out, final.prompt_tokens);
    out += R"(,"completion_tokens":)";
    append_number(out, final.completion_tokens);
    out += final.usage_is_estimated ? R"(,"estimated":true})" : "}";
    append_timings(out, final);
    out += R"(,"model":)";
    append_json_string(out, final.model);
    out += R"(,"sources":)";
    append_number(out, static_cast<int64_t>(final.sources));
    append_texts(out, R"(,"degraded":[)", final.degraded);
    append_texts(out, R"(,"notes":[)", final.notes);
    if (!final.suggestions.empty()) append_texts(out, R"(,"suggestions":[)", final.suggestions);
}

void append_error(std::string& out, const ErrorEvent& error) {
    out += R"("type":"error","code":)";
    append_json_string(out, error.code);
    out += R"(,"message":)";
    append_json_string(out, error.message);
    out += error.is_retryable ? R"(,"retryable":true)" : R"(,"retryable":false)";
    if (!error.retry_after_ms) return;
    out += R"(,"retry_after_ms":)";
    append_number(out, *error.retry_after_ms);
}

struct BodyWriter {
    std::string& out;
    void operator()(const StatusEvent& status) const {
        out += R"("type":"status","stage":)";
        append_json_string(out, status.stage);
        out += R"(,"text":)";
        append_json_string(out, status.text);
    }
    void operator()(const CardEvent& card) const { out += R"("type":"card","card":)" + card.json; }
    void operator()(const SourceEvent& source) const {
        out += R"("type":"source","source":)" + source.json;
    }
    void operator()(const DeltaEvent& delta) const {
        out += R"("type":"delta","text":)";
        append_json_string(out, delta.text);
    }
    void operator()(const FinalEvent& final) const { append_final(out, final); }
    void operator()(const ErrorEvent& error) const { append_error(out, error); }
};

}  // namespace

std::string_view name_of(FinishState state) {
    switch (state) {
        case FinishState::kStop:
            return "stop";
        case FinishState::kLength:
            return "length";
        case FinishState::kStopped:
            return "stopped";
    }
    return "stop";
}

ErrorEvent to_event(const Error& error) {
    ErrorEvent event{.kind = error.kind,
                     .code = std::string(error.client_code()),
                     .message = std::string(error.client_text()),
                     .is_retryable = error.is_retryable()};
    if (error.retry_after) event.retry_after_ms = error.retry_after->count();
    return event;
}

Result<ClientFrame> parse_client_frame(std::string_view text) {
    const auto value = parse_object(text, "expected a JSON object with a 'type'");
    if (!value) return fail(value.error());
    FrameReader frame(value->get_object());
    const std::string type = frame.text("type", true);
    if (type == "ask") return read_ask(frame);
    if (type == "stop") return frame.done(StopFrame{frame.text("response_id", true)});
    if (type == "pong") return frame.done(PongFrame{});
    if (type == "sign_in") return frame.done(SignInFrame{frame.text("token", true, 8192)});
    if (type == "feedback") return frame.done(read_feedback(frame));
    if (type == "resume" || type == "ack") {
        std::string id = frame.text("response_id", true);
        const auto at = static_cast<uint64_t>(
            frame.count(type == "ack" ? "seq" : "after_seq", true).value_or(0));
        return type == "ack" ? frame.done(AckFrame{std::move(id), at})
                             : frame.done(ResumeFrame{std::move(id), at});
    }
    if (type.empty()) return frame.done(PongFrame{});
    return fail(bad_frame(
        "'type': unknown frame; expected ask, stop, resume, ack, feedback, sign_in or pong",
        "type"));
}

Result<FeedbackBody> parse_feedback_body(std::string_view text) {
    const auto value = parse_object(text, "expected a JSON object with 'response_id' and 'thumb'");
    if (!value) return fail(value.error());
    FrameReader reader(value->get_object());
    FeedbackFrame feedback = read_feedback(reader);
    FeedbackBody body{.feedback = {}, .user = reader.text("user", false)};
    auto read = reader.done(std::move(feedback));
    if (!read) return fail(std::move(read.error()));
    body.feedback = std::move(std::get<FeedbackFrame>(*read));
    return body;
}

std::string hello_frame(int64_t ping_ms, size_t text_chars, size_t frame_bytes) {
    return R"({"type":"hello","ping_ms":)" + std::to_string(ping_ms) +
           R"(,"limits":{"text_chars":)" + std::to_string(text_chars) + R"(,"frame_bytes":)" +
           std::to_string(frame_bytes) + "}}";
}

std::string accepted_frame(std::string_view client_msg_id, std::string_view session,
                           std::string_view response_id, int64_t turn) {
    std::string out = R"({"type":"accepted","client_msg_id":)";
    append_json_string(out, client_msg_id);
    out += R"(,"session":)";
    append_json_string(out, session);
    out += R"(,"response_id":)";
    append_json_string(out, response_id);
    out += R"(,"turn":)" + std::to_string(turn) + "}";
    return out;
}

std::string event_frame(std::string_view response_id, const AnswerEvent& event) {
    std::string out = R"({"response_id":)";
    append_json_string(out, response_id);
    out += R"(,"seq":)";
    append_number(out, static_cast<int64_t>(event.seq));
    out += ',';
    std::visit(BodyWriter{out}, event.body);
    out += '}';
    return out;
}

std::string feedback_frame(const FeedbackFrame& kept) {
    std::string out = R"({"type":"feedback","response_id":)" + base::json_string(kept.response_id) +
                      R"(,"thumb":)" + base::json_string(kept.thumb);
    if (!kept.client_msg_id.empty())
        out += R"(,"client_msg_id":)" + base::json_string(kept.client_msg_id);
    return out + "}";
}

std::string gone_frame(std::string_view response_id) {
    return R"({"type":"gone","response_id":)" + base::json_string(response_id) + "}";
}

std::string error_frame(const Error& error, std::string_view client_msg_id,
                        std::string_view response_id) {
    std::string out = "{";
    append_error(out, to_event(error));
    if (!client_msg_id.empty()) out += R"(,"client_msg_id":)" + base::json_string(client_msg_id);
    if (!response_id.empty()) out += R"(,"response_id":)" + base::json_string(response_id);
    if (!error.param.empty()) out += R"(,"param":)" + base::json_string(error.param);
    out += '}';
    return out;
}

}  // namespace hayate::wire
