#pragma once
// Where the project's files are. __FILE__ does not tell: the compiler cache makes it relative.

#include <filesystem>

namespace hayate::test {

[[nodiscard]] std::filesystem::path source_dir();

}  // namespace hayate::test
