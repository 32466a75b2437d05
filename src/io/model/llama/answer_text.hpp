#pragma once
// AnswerText: from token bytes to the text that may be shown. Ends at stop strings, gives out whole
// code points only, and keeps what is known of each token with the first text that the token
// contributed to.

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/model/llama/stop_holder.hpp"
#include "io/model/llama/types.hpp"
#include "io/model/llama/utf8_assembler.hpp"

namespace hayate::model::llama {

/// What is known of a token beside its text, where somebody wants to know.
struct TokenSigns {
    std::optional<float> logprob{};
    std::optional<float> probe_logit{};
};

class AnswerText {
  public:
    explicit AnswerText(std::vector<std::string> stops) : stops_(std::move(stops)) {}

    /// One sampled token. Returns what may go out now, possibly nothing.
    [[nodiscard]] TextChunk push(std::string_view bytes, const TokenSigns& signs);
    /// The answer has ended: what was held back for a stop string. An unfinished character is
    /// dropped.
    [[nodiscard]] TextChunk finish();
    [[nodiscard]] bool has_stopped() const { return stops_.has_stopped(); }

  private:
    struct TokenMark {
        size_t begin;  // byte offset in everything pushed
        TokenSigns signs;
    };
    TextChunk release(std::string_view bytes);

    StopHolder stops_;
    Utf8Assembler characters_;
    std::deque<TokenMark> marks_;  // of tokens whose text has not gone out
    size_t pushed_ = 0;            // bytes
    size_t released_ = 0;          // bytes, of them past the stop holder
};

}  // namespace hayate::model::llama
