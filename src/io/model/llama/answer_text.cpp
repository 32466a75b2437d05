#include "io/model/llama/answer_text.hpp"

namespace hayate::model::llama {

TextChunk AnswerText::push(std::string_view bytes, const TokenSigns& signs) {
    if (signs.logprob || signs.probe_logit) marks_.push_back({.begin = pushed_, .signs = signs});
    pushed_ += bytes.size();
    return release(stops_.push(bytes));
}

TextChunk AnswerText::finish() { return release(stops_.finish()); }

TextChunk AnswerText::release(std::string_view bytes) {
    TextChunk chunk;
    characters_.push(bytes, chunk.text);
    released_ += bytes.size();
    const size_t shown = released_ - characters_.held();
    while (!marks_.empty() && marks_.front().begin < shown) {
        const TokenSigns& signs = marks_.front().signs;
        if (signs.logprob) chunk.logprobs.push_back(*signs.logprob);
        if (signs.probe_logit) chunk.probe_logits.push_back(*signs.probe_logit);
        marks_.pop_front();
    }
    return chunk;
}

}  // namespace hayate::model::llama
