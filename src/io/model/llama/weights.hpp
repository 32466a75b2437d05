#pragma once
// Weights: one GGUF file, mapped once and shared, with its vocabulary. Everything here is const and
// thread-safe.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "io/model/llama/types.hpp"

struct llama_model;
struct llama_vocab;

namespace hayate::model::llama {

class Weights {
  public:
    /// Blocks for seconds. `is_stopping` is asked now and then and ends the load. Errors: kNotFound
    /// (no such file), kUnavailable (llama.cpp cannot load it; `internal` says why).
    [[nodiscard]] static Result<std::shared_ptr<const Weights>> load(
        const std::string& path, std::function<bool()> is_stopping);
    ~Weights();
    Weights(const Weights&) = delete;
    Weights& operator=(const Weights&) = delete;

    enum class Text : uint8_t {
        kData,      // the words of people: what looks like a control token is plain text
        kTemplate,  // our own: control tokens are meant
    };
    [[nodiscard]] std::vector<Token> tokenize(std::string_view text, Text kind) const;
    /// What the vocabulary wants in front of every prompt (BOS), usually nothing.
    [[nodiscard]] std::vector<Token> beginning() const;
    /// The bytes of a token; control tokens have none.
    [[nodiscard]] std::string piece(Token token) const;
    [[nodiscard]] bool ends_answer(Token token) const;
    [[nodiscard]] int vocabulary_size() const;

    /// The chat template in the file; empty if it has none.
    [[nodiscard]] std::string chat_template() const;
    /// The longest context that the model was made for.
    [[nodiscard]] int context_tokens_max() const;
    /// The numbers in the state that one layer gives to the next.
    [[nodiscard]] size_t width() const;
    /// Whether a probe of that layer and width can be read.
    [[nodiscard]] bool can_probe(int layer, size_t width) const;
    /// Whether the end of a sequence can be taken back: not in recurrent models.
    [[nodiscard]] bool can_trim() const;
    [[nodiscard]] llama_model* get() const { return model_; }

  private:
    explicit Weights(llama_model* model);

    llama_model* model_;
    const llama_vocab* vocab_;
};

}  // namespace hayate::model::llama
