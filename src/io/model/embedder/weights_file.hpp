#pragma once
// WeightsFile: the embedder's flat file (tools/embedder/flat_file.py describes the format), mapped
// read-only. Sections point into the mapping and live as long as the WeightsFile. Immutable after
// `open`, so any thread may read.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace hayate::model {

class WeightsFile {
  public:
    struct Section {
        std::span<const std::byte> bytes;
        size_t rows = 0;
        size_t cols = 0;
    };

    /// Maps and verifies the whole file. kUnavailable when it is missing, damaged or of another
    /// version.
    [[nodiscard]] static Result<std::unique_ptr<WeightsFile>> open(const std::string& path);
    ~WeightsFile();
    WeightsFile(const WeightsFile&) = delete;
    WeightsFile& operator=(const WeightsFile&) = delete;

    /// kUnavailable when the section is missing or not of that shape.
    [[nodiscard]] Result<Section> section(std::string_view name, size_t rows, size_t cols,
                                          size_t item_bytes) const;
    /// A section whose size is known to the file alone.
    [[nodiscard]] Result<Section> blob(std::string_view name) const;
    /// Hex SHA-256 of the contents, cut to 16 characters: what vectors made with this file are
    /// labelled with.
    [[nodiscard]] const std::string& fingerprint() const { return fingerprint_; }

  private:
    WeightsFile(std::string path, std::span<const std::byte> mapping);
    [[nodiscard]] Status parse();

    std::string path_;
    std::span<const std::byte> mapping_;
    std::map<std::string, Section, std::less<>> sections_;
    std::string fingerprint_;
};

}  // namespace hayate::model
