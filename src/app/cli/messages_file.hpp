#pragma once
// Labelled messages as a tab-separated file: intent, language, tier (L, M, H or -), text.

#include <string>
#include <vector>

#include "core/config/problems.hpp"

namespace hayate::cli {

struct LabelledMessage {
    std::string intent;  // "oos": out of scope
    std::string language;
    std::string tier;
    std::string text;
    int line = 0;  // of the file, from 1
};

inline constexpr const char* kOosIntent = "oos";

/// Every row that is wrong is named in `problems` by file and line. Blank lines are skipped.
[[nodiscard]] std::vector<LabelledMessage> read_messages(const std::string& file,
                                                         config::Problems& problems);

}  // namespace hayate::cli
