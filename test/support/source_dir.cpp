#include "test/support/source_dir.hpp"

namespace hayate::test {

std::filesystem::path source_dir() { return HAYATE_SOURCE_DIR; }

}  // namespace hayate::test
