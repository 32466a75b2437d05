#include "app/cli/data_lock.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace hayate::cli {

DataLock::~DataLock() {
    if (file_ >= 0) ::close(file_);
}

DataLock::DataLock(DataLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

DataLock& DataLock::operator=(DataLock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
}

Result<DataLock> DataLock::take(const std::string& folder) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    const std::string path = (std::filesystem::path(folder) / "serve.lock").string();
    DataLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (lock.file_ < 0) {
        return fail(base::public_error(ErrorKind::kUnavailable, "data",
                                       path + ": " + std::strerror(errno)));
    }
    if (::flock(lock.file_, LOCK_EX | LOCK_NB) != 0) {
        return fail(base::public_error(ErrorKind::kUnavailable, "data",
                                       "another hayate serve works in " + folder +
                                           "; stop it, or give this one its own with --data"));
    }
    return lock;
}

}  // namespace hayate::cli
