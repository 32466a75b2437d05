#pragma once
// One server for a data folder: a second one would take the first one's running turns for those of
// a killed process. Other commands (import, keys) may work beside it. The lock goes with the
// process, however that ends.

#include <string>

#include "core/base/result.hpp"

namespace hayate::cli {

class DataLock {
  public:
    DataLock() = default;
    ~DataLock();
    DataLock(DataLock&& other) noexcept;
    DataLock& operator=(DataLock&& other) noexcept;

    /// Makes the folder if need be. kUnavailable: another server has it, or it cannot be written.
    [[nodiscard]] static Result<DataLock> take(const std::string& folder);

  private:
    explicit DataLock(int file) : file_(file) {}
    int file_ = -1;
};

}  // namespace hayate::cli
