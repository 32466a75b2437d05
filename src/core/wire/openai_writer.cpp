#include "core/wire/openai_writer.hpp"

#include <iterator>

#include <fmt/format.h>

#include "core/base/json_text.hpp"

namespace hayate::wire {
namespace {

using base::append_json_string;
using base::append_number;

constexpr std::string_view kFirstChoice = R"({"index":0,"delta":)";

void append_identity(std::string& out, std::string_view object,
                     const ChunkWriter::Options& options) {
    out += R"({"id":)";
    append_json_string(out, options.id);
    out.append(R"(,"object":")").append(object).append(R"(","created":)");
    append_number(out, options.created);
    out += R"(,"model":)";
    append_json_string(out, options.model);
}

void append_usage_object(std::string& out, const TokenUsage& usage) {
    out += R"({"prompt_tokens":)";
    append_number(out, usage.prompt_tokens);
    out += R"(,"completion_tokens":)";
    append_number(out, usage.completion_tokens);
    out += R"(,"total_tokens":)";
    append_number(out, usage.prompt_tokens + usage.completion_tokens);
    out += R"(,"prompt_tokens_details":{"cached_tokens":)";
    append_number(out, usage.cached_prompt_tokens);
    out += "}}";
}

void append_model(std::string& out, const ListedModel& model) {
    out += R"({"id":)";
    append_json_string(out, model.id);
    fmt::format_to(std::back_inserter(out), R"(,"object":"model","created":{},"owned_by":)",
                   model.created);
    append_json_string(out, model.owned_by);
    out += '}';
}

}  // namespace

ChunkWriter::ChunkWriter(const Options& options)
    : head_("data: "), usage_null_(options.include_usage ? R"(,"usage":null)" : "") {
    append_identity(head_, "chat.completion.chunk", options);
    head_ += R"(,"choices":[)";
    opening_ = head_;
    opening_ += kFirstChoice;
    closing_ = R"(,"finish_reason":null}])" + usage_null_ + "}\n\n";
}

void ChunkWriter::append_role(std::string& out) const {
    out.append(opening_).append(R"({"role":"assistant","content":""})").append(closing_);
}

void ChunkWriter::append_text(std::string& out, std::string_view text) const {
    out.append(opening_).append(R"({"content":)");
    append_json_string(out, text);
    out.append("}").append(closing_);
}

void ChunkWriter::append_token(std::string& out, std::string_view token, double logprob) const {
    out.append(opening_).append(R"({"content":)");
    append_json_string(out, token);
    out += R"(},"logprobs":{"content":[{"token":)";
    append_json_string(out, token);
    out += R"(,"logprob":)";
    append_number(out, logprob, 6);
    out += R"(,"bytes":null,"top_logprobs":[]}],"refusal":null})";
    out += closing_;
}

void ChunkWriter::append_delta(std::string& out, std::string_view delta) const {
    out.append(opening_).append(delta).append(closing_);
}

void ChunkWriter::append_finish(std::string& out, std::string_view reason) const {
    out.append(opening_).append(R"({},"finish_reason":)");
    append_json_string(out, reason);
    out.append("}]").append(usage_null_).append("}\n\n");
}

void ChunkWriter::append_usage(std::string& out, const TokenUsage& usage) const {
    out.append(head_).append(R"(],"usage":)");
    append_usage_object(out, usage);
    out += "}\n\n";
}

void append_openai_stream_error(std::string& out, const base::Error& error) {
    out.append("data: ").append(openai_error_body(error)).append("\n\n");
}

void append_openai_done(std::string& out) { out += "data: [DONE]\n\n"; }

std::string openai_error_body(const base::Error& error) {
    std::string out = R"({"error":{"message":)";
    append_json_string(out, error.client_text());
    out += R"(,"type":)";
    append_json_string(out, base::shape_of(error.kind).openai_type);
    out += R"(,"code":)";
    append_json_string(out, error.client_code());
    out += R"(,"param":)";
    if (error.param.empty()) {
        out += "null";
    } else {
        append_json_string(out, error.param);
    }
    out += "}}";
    return out;
}

std::string openai_completion_body(const ChunkWriter::Options& options, std::string_view message,
                                   std::string_view finish_reason, const TokenUsage& usage) {
    std::string out;
    out.reserve(message.size() + 512);
    append_identity(out, "chat.completion", options);
    out.append(R"(,"choices":[{"index":0,"message":)").append(message);
    out += R"(,"logprobs":null,"finish_reason":)";
    append_json_string(out, finish_reason);
    out += R"(}],"usage":)";
    append_usage_object(out, usage);
    out += '}';
    return out;
}

std::string assistant_message(std::string_view text) {
    std::string out = R"({"role":"assistant","content":)";
    append_json_string(out, text);
    out += R"(,"refusal":null})";
    return out;
}

std::string openai_model_body(const ListedModel& model) {
    std::string out;
    append_model(out, model);
    return out;
}

std::string openai_models_body(std::span<const ListedModel> models) {
    std::string out = R"({"object":"list","data":[)";
    for (const ListedModel& model : models) {
        if (&model != models.data()) out += ',';
        append_model(out, model);
    }
    out += "]}";
    return out;
}

}  // namespace hayate::wire
