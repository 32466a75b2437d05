#include "io/model/embedder/use_embedder.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <utility>

#include <sentencepiece_processor.h>

#include "io/model/embedder/use_shape.hpp"

namespace hayate::model {

using namespace use;

namespace {

/// Scratch memory that a thread keeps between calls, so that a question allocates only its result.
class Scratch {
  public:
    float* take(size_t floats) {
        if (floats > memory_.size()) memory_.resize(floats);
        return memory_.data();
    }
    /// Gives back what one very long text needed.
    void trim() {
        constexpr size_t kKeepFloats = 500'000;
        if (memory_.size() > kKeepFloats) std::vector<float>().swap(memory_);
    }

  private:
    std::vector<float> memory_;
};
thread_local Scratch features_scratch;
thread_local Scratch branch_scratch;

void layer_norm(float* row, size_t size, const float* gain, const float* bias, float epsilon) {
    const float mean = std::accumulate(row, row + size, 0.0F) / static_cast<float>(size);
    float variance = 0;
    for (size_t i = 0; i < size; ++i) {
        row[i] -= mean;
        variance += row[i] * row[i];
    }
    const float scale = 1.0F / std::sqrt(variance / static_cast<float>(size) + epsilon);
    for (size_t i = 0; i < size; ++i) row[i] = row[i] * scale * gain[i] + bias[i];
}

/// row = max(row + bias, 0) + residual
void rectify(float* row, const float* bias, const float* residual) {
    for (size_t i = 0; i < kBranchWidth; ++i)
        row[i] = std::max(row[i] + bias[i], 0.0F) + residual[i];
}

void rectify(std::vector<float>& row) {
    for (float& value : row) value = std::max(value, 0.0F);
}

std::vector<float> multiply_row(const float* row, const PanelMatrix& m) {
    std::vector<float> out(m.cols);
    multiply({row, 1, m.rows}, m, out.data(), m.cols);
    return out;
}

void add(std::vector<float>& to, const std::vector<float>& from) {
    std::transform(to.begin(), to.end(), from.begin(), to.begin(), std::plus<>());
}

size_t code_points(std::string_view text) {
    return static_cast<size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::vector<int> UseEmbedder::tokens_of(std::string_view text) const {
    std::vector<std::string> pieces;
    // The only failure is "not loaded", which `bind` has excluded.
    (void)pieces_->Encode(text.substr(0, kTextBytesMax), &pieces);
    std::vector<int> ids{kBegin};
    ids.reserve(pieces.size() + 2);
    for (const std::string& piece : pieces) {
        const int id = pieces_->PieceToId(piece);
        // SentencePiece joins neighbouring unknown characters; the reference counts each.
        ids.insert(ids.end(), id == kUnknown ? std::max<size_t>(code_points(piece), 1) : 1, id);
    }
    if (pieces.empty()) ids.push_back(kUnknown);  // so does the reference
    ids.resize(std::min(ids.size(), kTokensMax - 1));
    ids.push_back(kEnd);
    return ids;
}

std::vector<float> UseEmbedder::embed(std::string_view text) const {
    const std::vector<int> ids = tokens_of(text);
    float* features = features_scratch.take(ids.size() * kFeatures);
    look_up(ids, features);
    run_branches(ids.size(), features);
    std::array<float, kWidth> sentence{};
    project(ids.size(), features, sentence.data());
    std::vector<float> vector = run_dense(sentence.data());
    features_scratch.trim();
    branch_scratch.trim();
    return vector;
}

void UseEmbedder::look_up(const std::vector<int>& ids, float* features) const {
    for (size_t t = 0; t < ids.size(); ++t) {
        const auto id = static_cast<size_t>(ids[t]);
        const uint8_t* row = table_ + id * kWidth;
        const float scale = scale_[id % kChunks];
        const float low = low_[id % kChunks];
        float* out = features + t * kFeatures;
        for (size_t i = 0; i < kWidth; ++i) out[i] = static_cast<float>(row[i]) * scale + low;
    }
}

void UseEmbedder::run_branches(size_t tokens, float* features) const {
    constexpr size_t kAll = kBranches * kBranchWidth;
    const size_t branch_floats = 2 * (tokens + 2 * kPadding) * kBranchWidth;
    float* projected = branch_scratch.take(tokens * kAll + branch_floats);
    multiply({features, tokens, kFeatures}, projection_, projected, kAll);
    for (size_t t = 0; t < tokens; ++t) {
        float* row = projected + t * kAll;
        for (size_t i = 0; i < kAll; ++i) row[i] += projection_bias_[i];
        // Over the three branches together, as the reference does it.
        layer_norm(row, kAll, branch_gain_, branch_bias_, epsilon_);
    }
    for (size_t b = 0; b < kBranches; ++b) run_branch(b, projected, tokens, features);
}

void UseEmbedder::run_branch(size_t index, const float* input, size_t tokens,
                             float* features) const {
    constexpr size_t kAll = kBranches * kBranchWidth;
    const Branch& branch = branches_[index];
    const Window window = kWindows[index];
    // Zero rows around the sentence make every window one contiguous row: neighbours overlap
    // instead of being copied.
    const size_t padded = (tokens + 2 * kPadding) * kBranchWidth;
    float* first = branch_scratch.take(0) + tokens * kAll;
    float* second = first + padded;
    std::fill_n(first, 2 * padded, 0.0F);
    float* x = first + kPadding * kBranchWidth;
    float* h = second + kPadding * kBranchWidth;
    for (size_t t = 0; t < tokens; ++t) {
        std::memcpy(x + t * kBranchWidth, input + t * kAll + index * kBranchWidth,
                    kBranchWidth * sizeof(float));
    }
    const size_t left = window.left * kBranchWidth;
    multiply({x - left, tokens, kBranchWidth}, branch.w1, h, kBranchWidth);
    for (size_t at = 0; at < tokens * kBranchWidth; at += kBranchWidth) {
        rectify(h + at, branch.b1, x + at);
    }
    float* out = features + kWidth + index * kBranchWidth;
    multiply({h - left, tokens, kBranchWidth}, branch.w2, out, kFeatures);
    for (size_t t = 0; t < tokens; ++t) {
        rectify(out + t * kFeatures, branch.b2, h + t * kBranchWidth);
    }
}

void UseEmbedder::project(size_t tokens, float* features, float* sentence) const {
    std::array<float, kFeatures> sum{};
    for (size_t t = 0; t < tokens; ++t) {
        float* row = features + t * kFeatures;
        layer_norm(row, kFeatures, gain_, bias_, epsilon_);
        for (size_t i = 0; i < kFeatures; ++i) sum[i] += row[i];
    }
    multiply({sum.data(), 1, kFeatures}, cnn_, sentence, kWidth);
    const auto count = static_cast<float>(tokens);
    for (size_t i = 0; i < kWidth; ++i) {
        sentence[i] = (sentence[i] + count * cnn_bias_[i]) / std::sqrt(count);
    }
}

std::vector<float> UseEmbedder::run_dense(const float* sentence) const {
    std::vector<float> y0 = multiply_row(sentence, d0_);
    rectify(y0);
    std::vector<float> y1 = multiply_row(sentence, p1_);
    add(y1, multiply_row(y0.data(), d1_));
    rectify(y1);
    std::vector<float> y2 = multiply_row(y1.data(), d2_);
    rectify(y2);
    std::vector<float> z = multiply_row(y1.data(), p3_);
    add(z, multiply_row(y2.data(), d3_));
    float square = 0;
    for (float& value : z) {
        value = std::tanh(value);
        square += value * value;
    }
    const float scale = 1.0F / std::sqrt(std::max(square, epsilon_));
    for (float& value : z) value *= scale;
    return z;
}

}  // namespace hayate::model
