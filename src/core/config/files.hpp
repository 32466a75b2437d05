#pragma once
// The small files that a configuration names: read whole at start-up, with messages that name the
// file and never its content.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/base/secret.hpp"
#include "tl/expected.hpp"

namespace hayate::config {

inline constexpr size_t kConfigBytesMax = 1 << 20;
inline constexpr size_t kSecretBytesMax = size_t{16} * 1024;

/// The content, or what is wrong ("the file does not exist").
[[nodiscard]] tl::expected<std::string, std::string> read_text_file(const std::string& path,
                                                                    size_t bytes_max);
/// Whether `path` is a file that can be opened; otherwise what is wrong, in words that follow the
/// path.
[[nodiscard]] std::optional<std::string> file_problem(const std::string& path);

/// The value of an environment variable; none when it is not set or empty. A function, so that
/// tests need no environment of their own.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
[[nodiscard]] Environment process_environment();

/// A secret from a variable or a file, without the white space around it. Neither named: an empty
/// secret. The error names the variable or the file, never what is in it.
[[nodiscard]] Result<base::Secret> read_secret(const std::string& env_name, const std::string& file,
                                               const Environment& environment);

}  // namespace hayate::config
