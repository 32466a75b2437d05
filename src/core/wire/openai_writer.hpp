#pragma once
// What OpenAI clients read: chunks as complete events appended to a buffer, and the objects that
// are sent whole. Pure; a writer belongs to one response.
//
// Source: OpenAI API reference. The official clients insist on one id and time for all chunks, a
// role (best first), and a finish_reason; when usage was asked for, every other chunk carries
// usage:null.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/wire/upstream.hpp"

namespace hayate::wire {

class ChunkWriter {
  public:
    struct Options {
        std::string_view id;  // "chatcmpl-..."
        std::string_view model;
        int64_t created = 0;  // seconds since 1970
        bool include_usage = false;
    };
    explicit ChunkWriter(const Options& options);

    /// Every answer begins with this.
    void append_role(std::string& out) const;
    void append_text(std::string& out, std::string_view text) const;
    /// A text of one token with its logarithmic probability.
    void append_token(std::string& out, std::string_view token, double logprob) const;
    /// A delta object, as in OpenAiChunk::other.
    void append_delta(std::string& out, std::string_view delta) const;
    /// `reason` is one of "stop", "length", "tool_calls", "content_filter".
    void append_finish(std::string& out, std::string_view reason) const;
    /// Only when the client asked for it.
    void append_usage(std::string& out, const TokenUsage& usage) const;

  private:
    std::string head_;     // up to and with `"choices":[`
    std::string opening_;  // head_ and the first choice up to `"delta":`
    std::string closing_;  // behind a delta of an unfinished choice
    std::string usage_null_;
};

/// Ends a stream that failed: clients raise it as an error. Nothing may follow but the end of the
/// body.
void append_openai_stream_error(std::string& out, const base::Error& error);
void append_openai_done(std::string& out);

/// {"error":{"message","type","code","param"}}
[[nodiscard]] std::string openai_error_body(const base::Error& error);

/// A chat.completion. `message` is a JSON object, from MessageAssembler::json or assistant_message.
[[nodiscard]] std::string openai_completion_body(const ChunkWriter::Options& options,
                                                 std::string_view message,
                                                 std::string_view finish_reason,
                                                 const TokenUsage& usage);
/// {"role":"assistant","content":"..."}
[[nodiscard]] std::string assistant_message(std::string_view text);

struct ListedModel {
    std::string id;
    int64_t created = 0;
    std::string owned_by = "hayate";
};
[[nodiscard]] std::string openai_models_body(std::span<const ListedModel> models);
/// One entry of the list, for GET /v1/models/{id}.
[[nodiscard]] std::string openai_model_body(const ListedModel& model);

}  // namespace hayate::wire
