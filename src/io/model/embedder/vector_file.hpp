#pragma once
// VectorFile: sentence vectors that are kept over restarts, because each took a millisecond to
// make. A cache: whatever is wrong with the file, the vectors can be made again. One user at a
// time.

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/result.hpp"

namespace hayate::model {

/// By text.
using TextVectors = std::unordered_map<std::string, std::vector<float>>;

class VectorFile {
  public:
    /// `model_id`: UseEmbedder::model_id. Another model's vectors are not found.
    VectorFile(std::string path, std::string model_id)
        : path_(std::move(path)), model_id_(std::move(model_id)) {}

    struct Contents {
        TextVectors vectors;  // of the texts asked for
        size_t others = 0;    // so many more are in the file
    };
    /// Empty when there is no file. kBadRequest: it is damaged or something else. kUnavailable: it
    /// cannot be read. Blocks for some 10 ms.
    [[nodiscard]] Result<Contents> read(const std::set<std::string>& texts) const;

    /// Replaces the file's contents, all or nothing. All vectors have the same length.
    [[nodiscard]] Status write(const TextVectors& vectors) const;

    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    [[nodiscard]] std::string key_of(const std::string& text) const;

    std::string path_;
    std::string model_id_;
};

}  // namespace hayate::model
