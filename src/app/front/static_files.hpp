#pragma once
// The built page, read into memory once at start. Thread-safe after that.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace hayate::front {

struct StaticFile {
    std::string body;
    std::string content_type;
    std::string etag;           // with its quotes
    bool is_immutable = false;  // its name contains its hash
};

class StaticFiles {
  public:
    /// Reads every file below `folder`. kNotFound when there is no index.html.
    [[nodiscard]] static Result<StaticFiles> load(const std::string& folder);
    /// `path` as in a request: "/assets/main-1a2b.js"; null when there is no such file.
    [[nodiscard]] const StaticFile* find(std::string_view path) const;
    [[nodiscard]] bool is_empty() const { return files_.empty(); }

  private:
    std::map<std::string, StaticFile, std::less<>> files_;
};

}  // namespace hayate::front
