#pragma once

#include "caf_stream/base/ids.hpp"
#include "caf_stream/base/time.hpp"
#include "caf_stream/batch/infos.hpp"
#include "caf_stream/codec/msgpack_adaptors.hpp"
#include "caf_stream/data/block.hpp"
#include "caf_stream/data/payload.hpp"
#include "caf_stream/lineage/task_context.hpp"
#include "caf_stream/plan/job_plan.hpp"

// How the library's own words are packed inside messages. A struct is the array of its fields; a
// time is its milliseconds; a payload is its encoding.

#define CAF_STREAM_PACK_FIELDS(Packed, ...)                                                        \
  namespace msgpack {                                                                              \
  MSGPACK_API_VERSION_NAMESPACE(MSGPACK_DEFAULT_API_NS) {                                          \
    namespace adaptor {                                                                            \
    template <>                                                                                    \
    struct pack<Packed> {                                                                          \
      template <class Stream>                                                                      \
      packer<Stream>& operator()(packer<Stream>& out, const Packed& x) const {                     \
        msgpack::type::make_define_array(__VA_ARGS__).msgpack_pack(out);                           \
        return out;                                                                                \
      }                                                                                            \
    };                                                                                             \
    template <>                                                                                    \
    struct convert<Packed> {                                                                       \
      const msgpack::object& operator()(const msgpack::object& in, Packed& x) const {              \
        msgpack::type::make_define_array(__VA_ARGS__).msgpack_unpack(in);                          \
        return in;                                                                                 \
      }                                                                                            \
    };                                                                                             \
    }                                                                                              \
  }                                                                                                \
  }                                                                                                \
  static_assert(true)

CAF_STREAM_PACK_FIELDS(caf_stream::operator_id, x.value);
CAF_STREAM_PACK_FIELDS(caf_stream::block_id, x.stream, x.node, x.number);
CAF_STREAM_PACK_FIELDS(caf_stream::task_id, x.job, x.stage, x.partition, x.attempt);

namespace msgpack {
MSGPACK_API_VERSION_NAMESPACE(MSGPACK_DEFAULT_API_NS) {
  namespace adaptor {

  template <>
  struct pack<caf_stream::duration> {
    template <class Stream>
    packer<Stream>& operator()(packer<Stream>& out, caf_stream::duration x) const {
      return out.pack(static_cast<std::int64_t>(x.count()));
    }
  };

  template <>
  struct convert<caf_stream::duration> {
    const msgpack::object& operator()(const msgpack::object& in, caf_stream::duration& x) const {
      x = caf_stream::duration{in.as<std::int64_t>()};
      return in;
    }
  };

  template <>
  struct pack<caf_stream::batch_time> {
    template <class Stream>
    packer<Stream>& operator()(packer<Stream>& out, caf_stream::batch_time x) const {
      return out.pack(caf_stream::to_millis(x));
    }
  };

  template <>
  struct convert<caf_stream::batch_time> {
    const msgpack::object& operator()(const msgpack::object& in, caf_stream::batch_time& x) const {
      x = caf_stream::from_millis(in.as<std::int64_t>());
      return in;
    }
  };

  // Where all of msgpack.hpp is included, it brings one for every time_point, which wants the
  // timestamp extension.
  template <>
  struct as<caf_stream::batch_time> {
    caf_stream::batch_time operator()(const msgpack::object& in) const {
      return caf_stream::from_millis(in.as<std::int64_t>());
    }
  };

  template <>
  struct pack<caf_stream::storage_level> {
    template <class Stream>
    packer<Stream>& operator()(packer<Stream>& out, caf_stream::storage_level x) const {
      return out.pack(static_cast<std::uint8_t>(x));
    }
  };

  template <>
  struct convert<caf_stream::storage_level> {
    const msgpack::object& operator()(const msgpack::object& in,
                                      caf_stream::storage_level& x) const {
      auto value = in.as<std::uint8_t>();
      if (value > static_cast<std::uint8_t>(caf_stream::storage_level::disk_only_2))
        throw msgpack::type_error{};
      x = static_cast<caf_stream::storage_level>(value);
      return in;
    }
  };

  /// [ records, bytes, encoding ]; an absent payload is nil. Throws errc::not_encodable, also for
  /// one in a file, which is read where it lies.
  template <>
  struct pack<caf_stream::data::payload> {
    template <class Stream>
    packer<Stream>& operator()(packer<Stream>& out, const caf_stream::data::payload& x) const {
      if (!x)
        return out.pack_nil();
      if (!x.is_encodable() || x.is_stored())
        throw caf_stream::error{caf_stream::errc::not_encodable,
                                x.is_stored()
                                  ? "records in a file of this process cannot leave it"
                                  : "records of a type without an encoding cannot leave it"};
      auto encoding = x.encode();
      out.pack_array(3);
      out.pack(x.records());
      out.pack(x.bytes());
      return out.pack(encoding);
    }
  };

  template <>
  struct convert<caf_stream::data::payload> {
    const msgpack::object& operator()(const msgpack::object& in,
                                      caf_stream::data::payload& x) const {
      x = {};
      if (in.is_nil())
        return in;
      if (in.type != msgpack::type::ARRAY || in.via.array.size != 3)
        throw msgpack::type_error{};
      auto* fields = in.via.array.ptr;
      x = caf_stream::data::payload::from_encoding(fields[2].as<caf_stream::codec::bytes>(),
                                                   fields[0].as<std::uint64_t>(),
                                                   fields[1].as<std::uint64_t>());
      return in;
    }
  };

  } // namespace adaptor
}
} // namespace msgpack

CAF_STREAM_PACK_FIELDS(caf_stream::data::block_info, x.id, x.records, x.bytes);
CAF_STREAM_PACK_FIELDS(caf_stream::data::block_part, x.id, x.first, x.last);
CAF_STREAM_PACK_FIELDS(caf_stream::lineage::dataset_id, x.op, x.time, x.path);
CAF_STREAM_PACK_FIELDS(caf_stream::lineage::dataset_partition, x.dataset, x.partition);
CAF_STREAM_PACK_FIELDS(caf_stream::lineage::shuffle_input, x.dataset, x.dependency, x.partition);
CAF_STREAM_PACK_FIELDS(caf_stream::lineage::task_inputs, x.blocks, x.values, x.kept, x.pieces);
CAF_STREAM_PACK_FIELDS(caf_stream::lineage::computed_partition, x.records, x.level);
CAF_STREAM_PACK_FIELDS(caf_stream::plan::kept_request, x.partition, x.alone);
CAF_STREAM_PACK_FIELDS(caf_stream::plan::piece_request, x.input, x.from_stage, x.map_tasks);
CAF_STREAM_PACK_FIELDS(caf_stream::plan::task_needs, x.blocks, x.kept, x.pieces, x.values);
CAF_STREAM_PACK_FIELDS(caf_stream::stream_input_info, x.input_stream_id, x.num_records, x.metadata);
CAF_STREAM_PACK_FIELDS(caf_stream::output_operation_info, x.batch_time, x.id, x.name, x.description,
                       x.start_time, x.end_time, x.duration, x.failure_reason);
CAF_STREAM_PACK_FIELDS(caf_stream::batch_info, x.batch_time, x.stream_id_to_input_info,
                       x.submission_time, x.processing_start_time, x.processing_end_time,
                       x.output_operation_infos, x.scheduling_delay, x.processing_delay,
                       x.total_delay, x.num_records);
CAF_STREAM_PACK_FIELDS(caf_stream::delay_info, x.batch_time, x.total_delay, x.batch_interval,
                       x.rising_since);
CAF_STREAM_PACK_FIELDS(caf_stream::receiver_info, x.stream_id, x.name, x.active, x.location,
                       x.executor_id, x.last_error_message, x.last_error, x.last_error_time);
CAF_STREAM_PACK_FIELDS(caf_stream::loss_info, x.stream_id, x.num_records, x.reason);
CAF_STREAM_PACK_FIELDS(caf_stream::node_info, x.node, x.host, x.reason);
