#pragma once
// The states of a local model while it writes an answer that is known: the answer is forced upon
// it, token by token, with the prompt that it had.

#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "io/model/llama/chat_prompt.hpp"
#include "io/model/llama/context.hpp"
#include "test/gate/labelled_answers.hpp"

namespace hayate::test {

/// For each of the tokens that an answer was cut into what is known of the token of `pieces` in
/// which it begins; both make up the same text.
[[nodiscard]] std::vector<float> aligned(std::span<const float> of_pieces,
                                         std::span<const size_t> piece_bytes,
                                         std::span<const size_t> token_bytes);

/// Of one answer, at one layer: for each token the state from which it was chosen.
struct AnswerStates {
    std::string id;
    int layer = 0;
    size_t width = 0;
    std::vector<size_t> token_bytes;  // of each token; together the answer
    std::vector<float> rows;          // width numbers a token
    [[nodiscard]] std::span<const float> row(size_t token) const {
        return std::span(rows).subspan(token * width, width);
    }
    /// Weighted as the gate does it: gate::probe_weight(). `logprobs`: one for each token.
    [[nodiscard]] std::vector<float> mean(std::span<const float> logprobs) const;
};

class StateReader {
  public:
    /// Ends the program with its reason if the model cannot be loaded.
    StateReader(const std::string& file, int threads);
    /// One for each layer. Answers in the order of the file share the beginnings of their prompts,
    /// which are read once. Nothing for an answer that is too long or empty.
    [[nodiscard]] std::vector<AnswerStates> read(const LabelledAnswer& answer,
                                                 std::span<const int> layers);
    /// Of the model; its last one cannot be probed.
    [[nodiscard]] int layers() const;

  private:
    using Token = model::llama::Token;
    [[nodiscard]] std::vector<Token> prompt_of(const LabelledAnswer& answer) const;

    model::llama::ComputeThreads threads_;
    std::shared_ptr<const model::llama::Weights> weights_;
    std::unique_ptr<model::llama::Context> context_;
    model::llama::ChatPrompt prompt_;
    std::string system_;
    std::vector<Token> in_memory_;
};

/// A file of them is written once and read often: reading the answers takes an hour.
void write_states(std::ostream& out, const AnswerStates& states);
/// False at the end, or at a record that was cut off.
[[nodiscard]] bool read_states(std::istream& in, AnswerStates& states);

}  // namespace hayate::test
