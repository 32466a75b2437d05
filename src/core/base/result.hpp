#pragma once
// Result<T>: a value or an Error. Used for everything that can happen in production; exceptions are
// for configuration at start-up and out-of-memory.

#include <utility>

#include <tl/expected.hpp>

#include "core/base/error.hpp"

namespace hayate::base {

template <class T>
using Result = tl::expected<T, Error>;

using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
    return tl::unexpected<Error>(std::move(error));
}
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string source,
                                                std::string text) {
    return fail(private_error(kind, std::move(source), std::move(text)));
}

}  // namespace hayate::base

namespace hayate {
using base::Error;
using base::ErrorKind;
using base::fail;
using base::Result;
using base::Status;
}  // namespace hayate
