#include "io/model/llama/answer_text.hpp"

namespace hayate::model::llama {

TextChunk AnswerText::push(std::string_view bytes, std::optional<float> logprob) {
    if (logprob) marks_.push_back({.begin = pushed_, .logprob = *logprob});
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
        chunk.logprobs.push_back(marks_.front().logprob);
        marks_.pop_front();
    }
    return chunk;
}

}  // namespace hayate::model::llama
