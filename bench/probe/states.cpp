#include "bench/probe/states.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <istream>
#include <numeric>
#include <ostream>
#include <sstream>

#include <llama.h>

namespace hayate::test {
namespace {

namespace llama = model::llama;

constexpr int kContextTokens = 4096;
constexpr int kRowsMax = 256;

template <class Value>
Value or_end(Result<Value> result) {
    if (result) return std::move(*result);
    std::fprintf(stderr, "%s\n", result.error().internal.c_str());
    std::exit(1);
}

std::string whole(const LabelledAnswer& answer) {
    return std::accumulate(answer.tokens.begin(), answer.tokens.end(), std::string());
}

const std::atomic<bool> kNeverInterrupt{false};

}  // namespace

std::vector<float> aligned(std::span<const float> of_pieces, std::span<const size_t> piece_bytes,
                           std::span<const size_t> token_bytes) {
    std::vector<float> of_tokens;
    size_t piece = 0;
    size_t piece_end = piece_bytes.front();
    size_t at = 0;
    for (const size_t bytes : token_bytes) {
        while (at >= piece_end && piece + 1 < piece_bytes.size()) piece_end += piece_bytes[++piece];
        of_tokens.push_back(of_pieces[piece]);
        at += bytes;
    }
    return of_tokens;
}

std::vector<float> AnswerStates::mean(std::span<const float> logprobs) const {
    std::vector<float> mean(width);
    float total = 0;
    for (size_t token = 0; token < token_bytes.size(); ++token) {
        const float weight = gate::probe_weight(logprobs[token]);
        total += weight;
        for (size_t d = 0; d < width; ++d) mean[d] += weight * rows[token * width + d];
    }
    for (float& value : mean) value /= total;
    return mean;
}

StateReader::StateReader(const std::string& file, int threads)
    : threads_(threads),
      weights_(or_end(llama::Weights::load(file, [] { return false; }))),
      context_(or_end(llama::Context::make(weights_, {.cells = kContextTokens,
                                                      .sequences = 1,
                                                      .rows_max = kRowsMax,
                                                      .threads = &threads_,
                                                      .interrupt = &kNeverInterrupt}))),
      prompt_(weights_),
      system_(shipped_system_prompt()) {}

int StateReader::layers() const { return llama_model_n_layer(weights_->get()); }

std::vector<StateReader::Token> StateReader::prompt_of(const LabelledAnswer& answer) const {
    const std::vector<llama::ChatMessage> messages{
        {"system", system_}, {"user", answer.context + "Customer question: " + answer.question}};
    return prompt_.tokens(messages);
}

std::vector<AnswerStates> StateReader::read(const LabelledAnswer& answer,
                                            std::span<const int> layers) {
    std::vector<Token> tokens = prompt_of(answer);
    const size_t first = tokens.size() - 1;  // the state from which the first token was chosen
    const std::vector<Token> said = weights_->tokenize(whole(answer), llama::Weights::Text::kData);
    tokens.insert(tokens.end(), said.begin(), said.end());
    tokens.pop_back();  // nothing was chosen from the last one's
    if (said.empty() || tokens.size() > kContextTokens) return {};

    std::vector<AnswerStates> all;
    for (const int layer : layers) {
        all.push_back({.id = answer.id, .layer = layer});
        for (const Token token : said)
            all.back().token_bytes.push_back(weights_->piece(token).size());
    }
    const auto [differs, ignored] = std::ranges::mismatch(tokens, in_memory_);
    size_t at = std::min(first, static_cast<size_t>(differs - tokens.begin()));
    const llama::MemoryAction forget{.sequence = 0, .begin = static_cast<int>(at)};
    context_->apply(std::span(&forget, 1));
    in_memory_ = tokens;
    while (at < tokens.size()) {
        std::vector<llama::Row> rows;
        for (; at < tokens.size() && rows.size() < kRowsMax; ++at) {
            rows.push_back({.token = tokens[at],
                            .position = static_cast<int>(at),
                            .wants_logits = at >= first});
        }
        if (context_->decode(rows, layers) != llama::Context::Outcome::kDone) {
            std::fprintf(stderr, "%s: llama_decode failed\n", answer.id.c_str());
            std::exit(1);
        }
        for (AnswerStates& states : all) {
            for (size_t i = 0; i < rows.size(); ++i) {
                if (!rows[i].wants_logits) continue;
                const auto state = context_->state(states.layer, static_cast<int>(i));
                states.width = state.size();
                states.rows.insert(states.rows.end(), state.begin(), state.end());
            }
        }
    }
    return all;
}

void write_states(std::ostream& out, const AnswerStates& states) {
    out << states.id << ' ' << states.layer << ' ' << states.width << ' '
        << states.token_bytes.size();
    for (const size_t bytes : states.token_bytes) out << ' ' << bytes;
    out << '\n';
    out.write(reinterpret_cast<const char*>(states.rows.data()),
              static_cast<std::streamsize>(states.rows.size() * sizeof(float)));
    out.flush();
}

bool read_states(std::istream& in, AnswerStates& states) {
    std::string line;
    if (!std::getline(in, line)) return false;
    std::istringstream head(line);
    size_t tokens = 0;
    head >> states.id >> states.layer >> states.width >> tokens;
    states.token_bytes.resize(tokens);
    for (size_t& bytes : states.token_bytes) head >> bytes;
    states.rows.resize(tokens * states.width);
    in.read(reinterpret_cast<char*>(states.rows.data()),
            static_cast<std::streamsize>(states.rows.size() * sizeof(float)));
    return head && in;
}

}  // namespace hayate::test
