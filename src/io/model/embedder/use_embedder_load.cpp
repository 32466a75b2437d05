// Loading: which section of the file is which part of the network, checked for its shape.

#include <cstdlib>
#include <utility>

#include <sentencepiece_processor.h>

#include "io/model/embedder/use_embedder.hpp"
#include "io/model/embedder/use_shape.hpp"

namespace hayate::model {

using namespace use;

Result<std::shared_ptr<UseEmbedder>> UseEmbedder::load(const std::string& path) {
    auto file = WeightsFile::open(path);
    if (!file) return fail(file.error());
    // The constructor is private, so make_shared cannot be used.
    std::shared_ptr<UseEmbedder> embedder(new UseEmbedder(std::move(*file)));
    if (Status bound = embedder->bind(); !bound) return fail(bound.error());
    return embedder;
}

std::string UseEmbedder::default_path() {
    if (const char* path = std::getenv("HAYATE_EMBEDDER"); path != nullptr && *path != 0)
        return path;
    const char* cache = std::getenv("HAYATE_CACHE");
    const char* home = std::getenv("HOME");
    const std::string root = cache != nullptr && *cache != 0
                                 ? cache
                                 : std::string(home != nullptr ? home : ".") + "/.cache/hayate";
    return root + "/embedder/use-multilingual.bin";
}

UseEmbedder::UseEmbedder(std::unique_ptr<WeightsFile> file)
    : file_(std::move(file)), pieces_(std::make_unique<sentencepiece::SentencePieceProcessor>()) {}

UseEmbedder::~UseEmbedder() = default;

Status UseEmbedder::bind() {
    Status status;
    const auto floats = [&](std::string_view name, size_t rows, size_t cols) -> const float* {
        const auto section = file_->section(name, rows, cols, sizeof(float));
        if (!section) status = fail(section.error());
        return section ? reinterpret_cast<const float*>(section->bytes.data()) : nullptr;
    };
    const auto matrix = [&](std::string_view name, size_t rows, size_t cols) {
        return PanelMatrix{floats(name, rows, cols), rows, cols};
    };
    if (const auto table = file_->section("table", kTableRows, kWidth, 1); table) {
        table_ = reinterpret_cast<const uint8_t*>(table->bytes.data());
    } else {
        return fail(table.error());
    }
    scale_ = floats("scale", 1, kChunks);
    low_ = floats("lo", 1, kChunks);
    projection_ = matrix("proj", kWidth, 3 * kBranchWidth);
    projection_bias_ = floats("proj_b", 1, 3 * kBranchWidth);
    branch_gain_ = floats("branch_g", 1, 3 * kBranchWidth);
    branch_bias_ = floats("branch_b", 1, 3 * kBranchWidth);
    gain_ = floats("ln_g", 1, kFeatures);
    bias_ = floats("ln_b", 1, kFeatures);
    cnn_ = matrix("cnn_W", kFeatures, kWidth);
    cnn_bias_ = floats("cnn_b", 1, kWidth);
    d0_ = matrix("d0", kWidth, kHidden);
    d1_ = matrix("d1", kHidden, kHidden);
    p1_ = matrix("p1", kWidth, kHidden);
    d2_ = matrix("d2", kHidden, kWidth);
    p3_ = matrix("p3", kHidden, kWidth);
    d3_ = matrix("d3", kWidth, kWidth);
    if (const float* epsilon = floats("eps", 1, 1); epsilon != nullptr) epsilon_ = *epsilon;
    for (size_t i = 0; i < kBranches && status; ++i) status = bind_branch(i);
    return status ? bind_tokens() : status;
}

Status UseEmbedder::bind_branch(size_t index) {
    const std::string order = std::to_string(kWindows[index].order);
    const size_t depth = kWindows[index].order * kBranchWidth;
    const auto w1 = file_->section("w1_" + order, depth, kBranchWidth, sizeof(float));
    const auto w2 = file_->section("w2_" + order, depth, kBranchWidth, sizeof(float));
    const auto b1 = file_->section("b1_" + order, 1, kBranchWidth, sizeof(float));
    const auto b2 = file_->section("b2_" + order, 1, kBranchWidth, sizeof(float));
    for (const auto* part : {&w1, &w2, &b1, &b2}) {
        if (!*part) return fail(part->error());
    }
    const auto floats = [](const WeightsFile::Section& section) {
        return reinterpret_cast<const float*>(section.bytes.data());
    };
    branches_[index] = {{floats(*w1), depth, kBranchWidth},
                        {floats(*w2), depth, kBranchWidth},
                        floats(*b1),
                        floats(*b2)};
    return {};
}

Status UseEmbedder::bind_tokens() {
    const auto model = file_->blob("sp_model");
    if (!model) return fail(model.error());
    const auto loaded = pieces_->LoadFromSerializedProto(
        {reinterpret_cast<const char*>(model->bytes.data()), model->bytes.size()});
    if (!loaded.ok() || std::cmp_greater(pieces_->GetPieceSize(), kTableRows)) {
        return fail(ErrorKind::kUnavailable, "model.embedder", "sp_model: " + loaded.ToString());
    }
    return {};
}

}  // namespace hayate::model
